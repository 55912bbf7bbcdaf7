import { DocsLink } from "../docs/docs-link.tsx";
import { lazyPart } from "../ui/lazy-part.tsx";

/** Loaded separately: before a URL is typed there is nothing to say about it. */
const TypedUrlHint = lazyPart("The preview", async () => (await import("./typed-url.tsx")).TypedUrlHint);
const TypedUrlWarning = lazyPart("The check", async () => (await import("./typed-url.tsx")).TypedUrlWarning);

type UrlHintProps = { readonly url: URL | null; readonly isRefused: boolean };

/** The hint below a URL field, with a link to the rules once the server has refused a URL. */
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
