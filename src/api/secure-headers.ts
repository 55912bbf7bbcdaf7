import helmet from "@fastify/helmet";
import type { ApiServer } from "./api-server.ts";
import { isForApi } from "./asked-for.ts";

const HSTS_MAX_AGE_S = 180 * 24 * 60 * 60;

/** Headers for every answer. What is no page may load nothing; pages set a policy of their own (`dashboard.ts`). */
export async function registerSecureHeaders(app: ApiServer, publicUrl: string): Promise<void> {
  await app.register(helmet, {
    global: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: "no-referrer" },
    strictTransportSecurity: publicUrl.startsWith("https:")
      ? { maxAge: HSTS_MAX_AGE_S, includeSubDomains: false }
      : false,
    xXssProtection: false,
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.header("permissions-policy", "camera=(), geolocation=(), microphone=()");
    if (isForApi(request)) reply.header("cache-control", "no-store");
  });
}

/** The policy of a page whose scripts and styles carry this nonce. */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
