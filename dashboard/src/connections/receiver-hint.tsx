import { DocsLink } from "../docs/docs-link.tsx";
import { later } from "../ui/later.tsx";

/** There is nothing to tell of a URL before it is typed. */
const TypedUrlHint = later("The preview", async () => (await import("./typed-url.tsx")).TypedUrlHint);
const TypedUrlWarning = later("The check", async () => (await import("./typed-url.tsx")).TypedUrlWarning);

type UrlHintProps = { readonly url: URL | null; readonly isRefused: boolean };

/** The hint of a field for a URL, with a way to the rules once the server has refused one. */
export function UrlHint({ url, isRefused }: UrlHintProps) {
  return (
    <>
      {url === null ? (
        <span>Stored encrypted. It is not shown again after you save.</span>
      ) : (
        <TypedUrlHint url={url} />
      )}
      {isRefused && (
        <>
          {" "}
          <DocsLink topic="outbound requests">Which URLs are allowed</DocsLink>
        </>
      )}
    </>
  );
}

export function ReceiverWarning({ url }: { url: URL | null }) {
  return url === null ? null : <TypedUrlWarning url={url} />;
}
