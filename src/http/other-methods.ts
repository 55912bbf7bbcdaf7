import { METHODS } from "node:http";
import type { FastifyRequest } from "fastify";
import { OpenSendError } from "../domain/errors.ts";
import { pathOf } from "./api-or-page.ts";
import type { ApiServer } from "./api-server.ts";

/** A path as its routes declare it, with their methods. */
type KnownPath = { readonly pattern: RegExp; readonly isFixed: boolean; readonly methods: Set<string> };

/**
 * Responds to OPTIONS, and with 405 and Allow if a path exists for other methods (RFC 9110, 9.3.7 and 15.5.6), before
 * the body is read, since any body may come with it. Covers the routes registered after this call.
 */
export function registerOtherMethods(app: ApiServer): void {
  const known = new Map<string, KnownPath>();
  app.addHook("onRoute", ({ url, method }) => {
    const path = known.get(url) ?? {
      pattern: patternOf(url),
      isFixed: !/[:*]/.test(url),
      methods: new Set(["OPTIONS"]),
    };
    for (const one of [method].flat()) path.methods.add(one);
    known.set(url, path);
  });
  app.addHook("onRequest", (request, reply, done) => {
    const methods = request.is404
      ? findMethods([...known.values()], request)
      : findOwnMethods(known, request);
    if (methods === null) return done();
    const allow = [...methods].sort().join(", ");
    reply.header("allow", allow);
    if (request.method === "OPTIONS") return reply.code(204).send();
    done(new OpenSendError("method_not_allowed", `This path takes ${allow}.`));
  });
}

/**
 * The methods of a fixed path that the router matched as an object's path: `GET /api/events/batch` must not read an
 * event `batch`. Null if the matched route is the right one.
 */
function findOwnMethods(
  known: ReadonlyMap<string, KnownPath>,
  { routeOptions, url }: FastifyRequest,
): ReadonlySet<string> | null {
  if (routeOptions.url?.includes(":") !== true) return null;
  return known.get(pathOf(url).replace(/\/$/, ""))?.methods ?? null;
}

function findMethods(known: readonly KnownPath[], request: FastifyRequest): ReadonlySet<string> | null {
  // `OPTIONS *` is about the server as a whole.
  if (request.url === "*" && request.method === "OPTIONS") return new Set(known.flatMap(methodsOf));
  const path = pathOf(request.url);
  const all = known.filter(({ pattern }) => pattern.test(path));
  const own = all.filter(({ isFixed }) => isFixed);
  const matching = own.length > 0 ? own : all;
  const methods = new Set(matching.flatMap(methodsOf));
  // A path such as `/assets/` resembles a route without being one: its method is not the reason.
  const isTaken = request.method !== "OPTIONS" && methods.has(request.method);
  return matching.length === 0 || isTaken ? null : methods;
}

function methodsOf({ methods }: KnownPath): string[] {
  return METHODS.filter((method) => methods.has(method));
}

/** The pattern of a route such as `/api/events/:id` or `/assets/*`; a trailing slash is ignored. */
function patternOf(url: string): RegExp {
  const segments = url
    .replace(/\/$/, "")
    .split("/")
    .map((segment) => {
      if (segment.startsWith(":")) return "[^/]+";
      return segment === "*" ? ".*" : segment.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    });
  return new RegExp(`^${segments.join("/")}/?$`);
}
