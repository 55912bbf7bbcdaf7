import type { FastifyRequest } from "fastify";

/** Paths under which the dashboard has no pages. */
const NO_PAGE = /^\/(api|docs|assets)(\/|$)/;

/**
 * Whether the API responds to a request. Decided by the route, since the router matches a path in any spelling while
 * `request.url` is as it was sent. A path without a route is the API's too, unless the dashboard's page is served.
 */
export function isApiRequest(request: FastifyRequest): boolean {
  const { url } = request.routeOptions;
  return url === undefined ? !isPageRequest(request) : url.startsWith("/api/");
}

/**
 * Whether a browser opens an address that may belong to the dashboard. At the root, every client that accepts HTML gets
 * the page, such as a monitor; anywhere else, a program that accepts anything has probably mistyped a path of the API.
 */
export function isPageRequest({ method, headers, url }: FastifyRequest): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  const path = pathOf(url);
  const acceptance = acceptanceOfHtml(headers.accept);
  return path === "/" ? acceptance !== "no" : acceptance === "named" && !NO_PAGE.test(path);
}

/** Ranges that include `text/html`, most specific first: the first one present decides (RFC 9110, 12.5.1). */
const HTML_RANGES = ["text/html", "text/*", "*/*"] as const;

/** Whether an Accept header accepts HTML, and whether explicitly or only with a wildcard for any type. */
export function acceptanceOfHtml(accept: string | undefined): "named" | "any" | "no" {
  if (accept === undefined || accept.trim() === "") return "any";
  const ranges = accept.split(",").map((range) => range.split(";").map((part) => part.trim().toLowerCase()));
  for (const range of HTML_RANGES) {
    const parameters = ranges.find(([name]) => name === range);
    if (parameters === undefined) continue;
    if (parameters.some((parameter) => /^q\s*=\s*0(?:\.0*)?$/.test(parameter))) return "no";
    return range === "*/*" ? "any" : "named";
  }
  return "no";
}

/** The path as the router reads it: without the query, and without the host of an absolute URL. */
export function pathOf(url: string): string {
  const [path = ""] = url.replace(/^https?:\/\/[^/?#]*/i, "").split(/[?#]/, 1);
  try {
    return decodeURIComponent(path) || "/";
  } catch {
    return path || "/";
  }
}
