import type { ApiServer } from "../api-server.ts";
import type { Services } from "../services.ts";
import { createApiKeyRoute } from "./api-keys/create.ts";
import { listApiKeysRoute } from "./api-keys/list.ts";
import { revokeApiKeyRoute } from "./api-keys/revoke.ts";
import { listAuditLogRoute } from "./audit-log/list.ts";
import { catalogRoute } from "./integrations/catalog.ts";
import { connectRoute } from "./integrations/connect.ts";
import { disconnectRoute } from "./integrations/disconnect.ts";
import { listConnectionsRoute } from "./integrations/list.ts";
import { pauseRoute, resumeRoute } from "./integrations/pause.ts";
import { readConnectionRoute } from "./integrations/read.ts";
import { readConnectorRoute } from "./integrations/read-connector.ts";
import { testRoute } from "./integrations/test.ts";
import { updateRoute } from "./integrations/update.ts";
import { healthRoutes } from "./operations/health.ts";
import { openApiRoute } from "./operations/openapi.ts";
import { listSessionsRoute } from "./session/list.ts";
import { readSessionRoute } from "./session/read.ts";
import { revokeSessionRoute } from "./session/revoke.ts";
import { signInRoute } from "./session/sign-in.ts";
import { signOutRoute } from "./session/sign-out.ts";
import { setupRoutes } from "./setup/setup.ts";

/** Every route, in the order of the reference. */
export function registerRoutes(app: ApiServer, services: Services): void {
  for (const register of [
    catalogRoute,
    readConnectorRoute,
    connectRoute,
    listConnectionsRoute,
    readConnectionRoute,
    updateRoute,
    disconnectRoute,
    testRoute,
    pauseRoute,
    resumeRoute,
    listApiKeysRoute,
    createApiKeyRoute,
    revokeApiKeyRoute,
    listAuditLogRoute,
    setupRoutes,
    signInRoute,
    readSessionRoute,
    signOutRoute,
    listSessionsRoute,
    revokeSessionRoute,
    healthRoutes,
    openApiRoute,
  ]) {
    register(app, services);
  }
}
