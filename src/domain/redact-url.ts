/** Hosts whose first label is the credential itself (Pipedream's `<token>.m.pipedream.net`). */
const TOKEN_SUBDOMAIN_OF = ["m.pipedream.net", "x.pipedream.net", "pipedream.net"];

/** A label no person would choose: long, and letters and digits mixed or hexadecimal throughout; or a UUID. */
const TOKEN_LABEL =
  /^(?=.*\d)(?=.*[a-z])[a-z0-9]{12,}$|^[0-9a-f]{16,}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const ELLIPSIS = "…";

/** The host name of a URL as it may be shown: labels that are tokens become `…`; the port is left out. */
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
 * A webhook URL reduced to what is safe to show; never the whole of it, even where it has no path. Tools put their token in the path (Zapier, Slack, Discord), in
 * the only path segment (Make), in the host (Pipedream) or in the query, so all of it goes: what stays is scheme,
 * host without token labels, port, and the first path segment when it is a plain word with more behind it.
 */
export function redactUrl(url: URL): string {
  const port = url.port === "" ? "" : `:${url.port}`;
  const origin = `${url.protocol}//${redactHost(url)}${port}`;
  const segments = url.pathname.split("/").slice(1);
  const [first = "", ...rest] = segments;
  const keepsFirst = rest.some((segment) => segment !== "") && /^[a-z-]{1,16}$/.test(first);
  return keepsFirst ? `${origin}/${first}/${ELLIPSIS}` : `${origin}/${ELLIPSIS}`;
}
