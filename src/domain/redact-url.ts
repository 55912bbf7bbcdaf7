/** Hosts whose first label is the credential itself (Pipedream's `<token>.m.pipedream.net`). */
const TOKEN_SUBDOMAIN_OF = ["m.pipedream.net", "x.pipedream.net", "pipedream.net"];

/** A label that no person would choose: long, with letters and digits mixed or all hexadecimal; or a UUID. */
const TOKEN_LABEL =
  /^(?=.*\d)(?=.*[a-z])[a-z0-9]{12,}$|^[0-9a-f]{16,}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const ELLIPSIS = "…";

/** The redacted host name of a URL: token labels become `…`; the port is left out. */
export function redactHost(url: URL): string {
  const host = url.hostname.replace(/\.$/, "");
  if (host.startsWith("[") || /^[\d.]+$/.test(host)) return host;
  const tokenParent = TOKEN_SUBDOMAIN_OF.find((parent) => host.endsWith(`.${parent}`));
  if (tokenParent !== undefined) return `${ELLIPSIS}.${tokenParent}`;
  return host
    .split(".")
    .map((label) => (TOKEN_LABEL.test(label) ? ELLIPSIS : label))
    .join(".");
}

/**
 * The redacted form of a webhook URL; never the whole URL, even if it has no path. Tools put their token in the path
 * (Zapier, Slack, Discord), in the only path segment (Make), in the host (Pipedream) or in the query. The scheme, the
 * host without token labels and the port remain, and the first path segment if it is a plain word with more after it.
 */
export function redactUrl(url: URL): string {
  const port = url.port === "" ? "" : `:${url.port}`;
  const origin = `${url.protocol}//${redactHost(url)}${port}`;
  const segments = url.pathname.split("/").slice(1);
  const [first = "", ...rest] = segments;
  const keepsFirst = rest.some((segment) => segment !== "") && /^[a-z-]{1,16}$/.test(first);
  return keepsFirst ? `${origin}/${first}/${ELLIPSIS}` : `${origin}/${ELLIPSIS}`;
}
