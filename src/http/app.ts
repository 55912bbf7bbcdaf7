import { type FastifyBaseLogger, fastify, LogController } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { newId } from "../db/new-id.ts";
import type { ApiServer } from "./api-server.ts";
import { registerAuthentication } from "./authenticate.ts";
import { registerBodyBytes } from "./body-bytes.ts";
import { findHeadFault, registerRequestHeadChecks } from "./check-request-head.ts";
import { ClientErrors } from "./client-errors.ts";
import { registerCompression } from "./compression.ts";
import { registerConditionalReads } from "./conditional-reads.ts";
import { registerDashboard } from "./dashboard.ts";
import { registerDocs } from "./docs.ts";
import { registerFairCalls } from "./fair-calls.ts";
import { FileSender } from "./file-sender.ts";
import { HTTP_LIMITS } from "./http-limits.ts";
import { registerIdempotency } from "./idempotency.ts";
import { logFailure } from "./log-failure.ts";
import { registerOtherMethods } from "./other-methods.ts";
import { sendProblem, toOpenSendError } from "./problem.ts";
import { createRateLimit } from "./rate-limit.ts";
import { registerBodyParser } from "./read-body.ts";
import { registerRefusalDelay } from "./refusal-delay.ts";
import { registerRoutes } from "./routes/routes.ts";
import { registerSecureHeaders } from "./secure-headers.ts";
import type { Services } from "./services.ts";
import { registerSilentConnections } from "./silent-connections.ts";
import { registerVersionedObjects } from "./versioned-objects.ts";

const BODY_BYTES_MAX = 64 * 1024;
/** An external id of 255 characters, each percent-encoded. */
const PARAM_LENGTH_MAX = 3 * 255;

function notUsed(): never {
  throw new Error("a schema was not compiled by zod");
}

/** Builds the HTTP server without listening. `beforeRoutes` can add hooks that apply to every route. */
export async function createApp(
  services: Services,
  beforeRoutes: (app: ApiServer) => Promise<void> = async () => undefined,
): Promise<ApiServer> {
  const { publicUrl, trustedProxies } = services.instance.settings;
  const clientErrors = new ClientErrors(publicUrl);
  const app: ApiServer = fastify({
    loggerInstance: services.instance.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    ...HTTP_LIMITS,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    genReqId: newId,
    // Log lines name the request's id themselves, since a logger per request costs as much as routing it.
    childLoggerFactory: (logger) => logger,
    forceCloseConnections: "idle",
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: PARAM_LENGTH_MAX },
    // Otherwise Fastify would load Ajv and fast-json-stringify, which zod replaces below.
    schemaController: { compilersFactory: { buildValidator: notUsed, buildSerializer: notUsed } },
    frameworkErrors: (error, request, reply) => {
      const problem = findHeadFault(request.raw) ?? toOpenSendError(error, request);
      sendProblem(problem, publicUrl, request, reply);
    },
    clientErrorHandler: (error, socket) => clientErrors.handle(error, socket),
  }).withTypeProvider();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  app.setErrorHandler((error: Error, request, reply) => {
    const problem = toOpenSendError(error, request);
    logFailure(request, problem, error);
    return sendProblem(problem, publicUrl, request, reply);
  });
  clientErrors.watch(app.server);
  registerSilentConnections(app);
  registerSecureHeaders(app, publicUrl);
  registerRequestHeadChecks(app);
  registerBodyParser(app, services.instance);
  const limitRate = await createRateLimit(app, services.instance.settings.rateLimitPerMinute);
  registerAuthentication(app, services, limitRate);
  registerOtherMethods(app);
  registerConditionalReads(app);
  registerCompression(app);
  registerIdempotency(app);
  registerVersionedObjects(app);
  registerRefusalDelay(app);
  registerBodyBytes(app);
  registerFairCalls(app);
  await beforeRoutes(app);
  await app.register(async (api) => registerRoutes(api.withTypeProvider(), services));
  const { builtFiles } = services.instance.settings;
  const sender = new FileSender(builtFiles);
  registerDocs(app, builtFiles, sender);
  registerDashboard(app, builtFiles, sender);
  await app.ready();
  return app;
}
