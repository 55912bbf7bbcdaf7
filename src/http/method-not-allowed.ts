import type { HTTPMethods } from "fastify";
import { OpenSendError } from "../domain/errors.ts";
import type { ApiServer } from "./api-server.ts";

const METHODS: readonly HTTPMethods[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/**
 * Answers 405 with Allow where a path exists for other methods. Collects the routes registered after this call;
 * `close` adds the rest.
 */
export function registerMethodNotAllowed(app: ApiServer): { close: () => void } {
  const byUrl = new Map<string, Set<string>>();
  let open = true;
  app.addHook("onRoute", ({ url, method }) => {
    if (!open || !url.startsWith("/api/")) return;
    const methods = byUrl.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    byUrl.set(url, methods);
  });
  const close = () => {
    open = false;
    for (const [url, methods] of byUrl) {
      const allow = [...methods].sort().join(", ");
      const missing = METHODS.filter((method) => !methods.has(method));
      app.route({
        url,
        method: missing,
        schema: { hide: true },
        // Before the body is read: it may be anything.
        onRequest: (_request, reply, done) => {
          reply.header("allow", allow);
          done(new OpenSendError("method_not_allowed", `This path takes ${allow}.`));
        },
        handler: async () => undefined,
      });
    }
  };
  return { close };
}
