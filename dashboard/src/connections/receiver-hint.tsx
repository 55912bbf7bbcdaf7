import {
  detectReceiver,
  isN8nTestUrl,
  RECEIVER_NAMES,
} from "../../../src/domain/diagnostics/detect-receiver.ts";
import { redactUrl } from "../../../src/domain/redact-url.ts";
import { DocsLink } from "../docs/docs-link.tsx";
import { Notice } from "../ui/notice.tsx";

type UrlHintProps = { readonly url: URL | null; readonly isRefused: boolean };

/** The hint of a field for a URL, with a way to the rules once the server has refused one. */
export function UrlHint({ url, isRefused }: UrlHintProps) {
  return (
    <>
      <ReceiverHint url={url} />
      {isRefused && (
        <>
          {" "}
          <DocsLink topic="outbound requests">Which URLs are allowed</DocsLink>
        </>
      )}
    </>
  );
}

/** What a pasted URL is taken for, and what of it will be shown later. */
function ReceiverHint({ url }: { url: URL | null }) {
  if (url === null) return <>Stored encrypted. It is not shown again after you save.</>;
  const receiver = detectReceiver(url);
  return (
    <>
      {receiver !== "custom" && receiver !== "inspector" && (
        <span className="font-medium text-fg">{RECEIVER_NAMES[receiver]} detected. </span>
      )}
      Stored encrypted. Later shown only as{" "}
      <span className="font-mono [overflow-wrap:anywhere]">{redactUrl(url)}</span>
    </>
  );
}

/** A URL that works now and not later deserves a word before it is saved. */
export function ReceiverWarning({ url }: { url: URL | null }) {
  if (url === null || !isN8nTestUrl(url)) return null;
  return (
    <Notice tone="warn" live title="This is an n8n test URL">
      It works only while the n8n editor is listening. For real events, use the production URL, which has{" "}
      <code className="font-mono">/webhook/</code> in its path.
    </Notice>
  );
}
