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

/** Whether somebody opens an address in a browser that may be one of the dashboard's. */
export function asksForPage({ method, headers, url }: FastifyRequest): boolean {
  return method === "GET" && (headers.accept ?? "").includes("text/html") && !NO_PAGE.test(pathOf(url));
}

/** The path as the router reads it: without query, and of an absolute URL without its host. */
function pathOf(url: string): string {
  const [path = ""] = url.replace(/^https?:\/\/[^/]*/i, "").split(/[?#]/, 1);
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
