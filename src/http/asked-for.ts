import type { FastifyRequest } from "fastify";

/** Below these there are no pages of the dashboard. */
const NO_PAGE = /^\/(api|docs|assets)(\/|$)/;

/**
 * Whether a request is the API's to answer. The route says so, since the router takes a path in any spelling and
 * `request.url` has it as it was sent. What leads to nothing counts as the API's too, unless the dashboard's page answers.
 */
export function isForApi(request: FastifyRequest): boolean {
  const { url } = request.routeOptions;
  return url === undefined ? !asksForPage(request) : url.startsWith("/api/");
}

/**
 * Whether someone opens an address in a browser that may be one of the dashboard's. At the root everyone gets it who
 * takes HTML at all, such as a monitor; a program elsewhere that takes anything has mistaken a path of the API.
 */
export function asksForPage({ method, headers, url }: FastifyRequest): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  const path = pathOf(url);
  const acceptance = acceptanceOfHtml(headers.accept);
  return path === "/" ? acceptance !== "no" : acceptance === "named" && !NO_PAGE.test(path);
}

/** Ranges that hold `text/html`, the most specific first: that one decides (RFC 9110, 12.5.1). */
const HTML_RANGES = ["text/html", "text/*", "*/*"] as const;

/** Whether an Accept header takes HTML, and whether it says so by more than taking anything. */
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

/** The path as the router reads it: without query, and of an absolute URL without its host. */
export function pathOf(url: string): string {
  const [path = ""] = url.replace(/^https?:\/\/[^/?#]*/i, "").split(/[?#]/, 1);
  try {
    return decodeURIComponent(path) || "/";
  } catch {
    return path || "/";
  }
}
