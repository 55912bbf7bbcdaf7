import { ERRORS, type ErrorCode } from "../../domain/errors.ts";
import { html, prose } from "./html.ts";
import { renderPage } from "./page.ts";

/** The page an error's `type` points to. */
export function renderErrorPage(code: ErrorCode): string {
  const { status, title, meaning, cure } = ERRORS[code];
  return renderPage(
    title,
    html`<p><a href="/docs#errors">API reference</a></p>
<h1>${title}</h1>
<p class="muted"><code>${code}</code> · HTTP ${status}</p>
<h2>What it means</h2><p>${prose(meaning)}</p>
<h2>What to do</h2><p>${prose(cure)}</p>`,
  );
}
