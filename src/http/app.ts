import { type FastifyBaseLogger, fastify, LogController } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { newId } from "../db/new-id.ts";
import { OpenSendError } from "../domain/errors.ts";
import type { ApiServer } from "./api-server.ts";
import { registerAuthentication } from "./authenticate.ts";
import { registerBodyBytes } from "./body-bytes.ts";
import { registerDashboard } from "./dashboard.ts";
import { registerFairCalls } from "./fair-calls.ts";
import { registerIdempotency } from "./idempotency.ts";
import { registerMethodNotAllowed } from "./method-not-allowed.ts";
import { problemBody, sendProblem, toOpenSendError } from "./problem.ts";
import { createRateLimit } from "./rate-limit.ts";
import { registerBodyParser } from "./read-body.ts";
import { registerReference } from "./reference/routes.ts";
import { registerRefusalDelay } from "./refusal-delay.ts";
import { registerRoutes } from "./routes/routes.ts";
import { registerSecureHeaders } from "./secure-headers.ts";
import type { Services } from "./services.ts";
import { registerSilentConnections } from "./silent-connections.ts";

const BODY_BYTES_MAX = 64 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

function notUsed(): never {
  throw new Error("a schema was not compiled by zod");
}

/** Builds the HTTP server; nothing listens yet. `beforeRoutes` may add what looks at every route. */
export async function createApp(
  services: Services,
  beforeRoutes: (app: ApiServer) => Promise<void> = async () => undefined,
): Promise<ApiServer> {
  const { publicUrl, trustedProxies } = services.instance.settings;
  const app: ApiServer = fastify({
    loggerInstance: services.instance.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    genReqId: newId,
    // Whatever is logged of a request says its id itself; a logger for each request costs as much as its routing.
    childLoggerFactory: (logger) => logger,
    forceCloseConnections: "idle",
    routerOptions: { ignoreTrailingSlash: true },
    // Fastify would load Ajv and fast-json-stringify, which zod replaces below.
    schemaController: { compilersFactory: { buildValidator: notUsed, buildSerializer: notUsed } },
    frameworkErrors: (error, request, reply) => {
      sendProblem(toOpenSendError(error, request), publicUrl, request, reply);
    },
    clientErrorHandler: (_error, socket) => {
      if (!socket.writable) return;
      const problem = new OpenSendError("invalid_request", "The request is not valid HTTP.");
      const body = JSON.stringify(problemBody(problem, publicUrl, newId()));
      socket.end(
        `HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
      );
    },
  }).withTypeProvider();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  app.setErrorHandler((error: Error, request, reply) => {
    const problem = toOpenSendError(error, request);
    if (problem.code === "internal")
      request.log.error({ err: error, request_id: request.id }, "request failed");
    else if (problem.code === "overloaded") {
      request.log.warn({ request_id: request.id, reason: String(problem.cause) }, "database does not answer");
    }
    return sendProblem(problem, publicUrl, request, reply);
  });
  registerSilentConnections(app);
  registerSecureHeaders(app, publicUrl);
  registerBodyParser(app, services.instance);
  const limitRate = await createRateLimit(app, services.instance.settings.rateLimitPerMinute);
  registerAuthentication(app, services, limitRate);
  registerIdempotency(app);
  registerRefusalDelay(app);
  registerBodyBytes(app);
  registerFairCalls(app);
  await beforeRoutes(app);
  const allowed = registerMethodNotAllowed(app);
  await app.register(async (api) => registerRoutes(api.withTypeProvider(), services));
  await registerReference(app, services.instance.settings.openApiFile);
  await registerDashboard(app, services.instance.settings.dashboardDir);
  allowed.close();
  await app.ready();
  return app;
}
