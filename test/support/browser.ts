import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page, type Response } from "playwright-core";

/** Debian's packages. The shell is the same engine without the windows around it, and loads a page in half the time. */
const DEBIAN_PATHS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
const CHROMIUM_PATH = process.env["CHROMIUM_PATH"] ?? DEBIAN_PATHS.find(existsSync) ?? "/usr/bin/chromium";

const WAIT_MS = 10_000;

/** Chromium's own services would call home. */
const QUIET = [
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Why browser tests are left out on this machine, or false. In CI they run, and fail without a browser. */
export const browserMissing: string | false =
  existsSync(CHROMIUM_PATH) || process.env["CI"] === "true"
    ? false
    : "Chromium is not installed. Set CHROMIUM_PATH to run the browser tests.";

export function launchBrowser(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0; // Chromium's sandbox refuses to run as root
  return chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: isRoot ? ["--no-sandbox", ...QUIET] : QUIET,
  });
}

export type OpenPageOptions = {
  readonly url: string;
  /** Cookies of a session, as a `cookie` header has them. */
  readonly cookie?: string | null;
  readonly width?: 1280 | 375;
  /** Answers from 400 on that the test provokes; any other is a fault. */
  readonly expectedStatuses?: readonly number[];
  /** That of the machine unless given. */
  readonly timezoneId?: string;
};

/** As text, like all that runs in the page here: this file is checked without the types of a browser. */
const REPORT_CSP_REFUSALS = `
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error("CSP refused " + event.violatedDirective + " " + event.blockedURI);
  });
`;

/** A page whose every complaint is kept. */
export type WatchedPage = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors and warnings, page errors, failed or foreign requests, CSP reports. */
  readonly faults: () => readonly string[];
  /** All that could give something away: addresses, answers and console messages so far. */
  readonly traces: () => Promise<string>;
  /**
   * Closes the page and opens another one of the same browser, which has fetched the dashboard's files already. What was
   * found so far is forgotten.
   */
  readonly anotherPage: (expectedStatuses?: readonly number[]) => Promise<Page>;
  readonly close: () => Promise<void>;
};

/** Opens a page in a context of its own. `options.url` is the server's; nothing may go elsewhere. */
export async function openPage(browser: Browser, options: OpenPageOptions): Promise<WatchedPage> {
  const width = options.width ?? 1280;
  const context = await browser.newContext({
    baseURL: options.url,
    viewport: { width, height: 800 },
    hasTouch: width === 375,
    reducedMotion: "reduce",
    ...(options.timezoneId !== undefined && { timezoneId: options.timezoneId }),
  });
  if (options.cookie) {
    const cookies = options.cookie.split("; ").map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return { name, value: value.join("="), url: options.url };
    });
    await context.addCookies(cookies);
  }
  let expected = new Set((options.expectedStatuses ?? []).map(String));
  const faults: string[] = [];
  const traces: (string | Promise<string>)[] = [];

  await context.addInitScript({ content: REPORT_CSP_REFUSALS });
  context.on("console", (message) => {
    traces.push(message.text());
    const status = /status of (\d{3})/.exec(message.text())?.[1];
    const isProvoked = status !== undefined && expected.has(status);
    if (["error", "warning"].includes(message.type()) && !isProvoked) faults.push(message.text());
  });
  context.on("weberror", (error) => faults.push(`uncaught: ${error.error().message}`));
  context.on("request", (request) => {
    traces.push(request.url());
    if (new URL(request.url()).origin !== new URL(options.url).origin) {
      faults.push(`request to another origin: ${request.url()}`);
    }
  });
  context.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    // Leaving a page ends what it still asked for.
    if (reason !== "net::ERR_ABORTED") faults.push(`failed: ${request.url()} ${reason}`);
  });
  context.on("response", (response) => {
    traces.push(bodyOf(response));
    if (response.status() >= 400 && !expected.has(String(response.status()))) {
      faults.push(`${response.status()} ${response.url()}`);
    }
  });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  return {
    page,
    context,
    faults: () => faults,
    traces: async () => (await Promise.all(traces)).join("\n"),
    anotherPage: async (expectedStatuses = []) => {
      for (const open of context.pages()) await open.close();
      expected = new Set(expectedStatuses.map(String));
      faults.length = 0;
      traces.length = 0;
      return context.newPage();
    },
    close: () => context.close(),
  };
}

/** Files of the dashboard by path. Their names change with their content, so each is read once. */
const files = new Map<string, Promise<string>>();

function bodyOf(response: Response): Promise<string> {
  const { pathname } = new URL(response.url());
  const known = files.get(pathname);
  if (known !== undefined) return known;
  const body = response.text().catch(() => {
    files.delete(pathname);
    return "";
  });
  if (pathname.startsWith("/assets/")) files.set(pathname, body);
  return body;
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const EVERYTHING = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] };
/** All that another color scheme changes. */
const COLOURS = { type: "rule", values: ["color-contrast"] };

type Violation = { readonly id: string; readonly nodes: { target: string[]; failureSummary?: string }[] };

/** What axe finds against WCAG 2.2 AA, one line a place; of colors alone where the rest was looked at already. */
export async function axeViolations(
  page: Page,
  what: "everything" | "colors" = "everything",
): Promise<string[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axeSource);
  const runOnly = what === "everything" ? EVERYTHING : COLOURS;
  // Only rules about media, and one that is left out, need style sheets fetched again.
  const options = { runOnly, resultTypes: ["violations"], preload: false };
  const run = `axe.run(document, ${JSON.stringify(options)})`;
  const { violations } = await page.evaluate<{ violations: Violation[] }>(run);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id} ${node.target.join(" ")}: ${node.failureSummary ?? ""}`),
  );
}

const LOOK_AGAIN_MS = 20;

/** Saves a form and waits for the response: its button is disabled while it saves, too. */
export async function save(page: Page): Promise<void> {
  const responded = page.waitForResponse((response) => response.request().method() === "PATCH");
  await page.getByRole("button", { name: "Save changes" }).click();
  const status = (await responded).status();
  if (status !== 200) throw new Error(`the form was not saved: ${status}`);
  await page.getByRole("button", { name: "Save changes", disabled: true }).waitFor();
}

/** Waits until an expression holds in the page. (Playwright's own wait would need `unsafe-eval` for a text.) */
export async function until(page: Page, expression: string): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!(await page.evaluate(expression))) {
    if (Date.now() > deadline) throw new Error(`did not become true in time: ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
