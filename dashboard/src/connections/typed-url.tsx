import {
  detectReceiver,
  isN8nTestUrl,
  RECEIVER_NAMES,
} from "../../../src/domain/diagnostics/detect-receiver.ts";
import { redactUrl } from "../../../src/domain/redact-url.ts";
import { Notice } from "../ui/notice.tsx";

/** The receiver detected behind a pasted URL, and the redacted URL that will be shown later. */
export function TypedUrlHint({ url }: { url: URL }) {
  const receiver = detectReceiver(url);
  return (
    <>
      {receiver !== "custom" && receiver !== "inspector" && (
        <span className="font-medium text-fg">{RECEIVER_NAMES[receiver]} detected. </span>
      )}
      <span>Stored encrypted. Later shown only as </span>
      <span className="font-mono [overflow-wrap:anywhere]">{redactUrl(url)}</span>
    </>
  );
}

/** Warns about a URL that works now but not later, before it is saved. */
export function TypedUrlWarning({ url }: { url: URL }) {
  if (!isN8nTestUrl(url)) return null;
  return (
    <Notice tone="warn" live title="This is an n8n test URL">
      It works only while the n8n editor is listening. For real events, use the production URL, which has{" "}
      <code className="font-mono">/webhook/</code> in its path.
    </Notice>
  );
}
