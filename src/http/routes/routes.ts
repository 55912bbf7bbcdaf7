import type { ApiServer } from "../api-server.ts";
import type { Services } from "../services.ts";
import { changePasswordRoute } from "./account/change-password.ts";
import { updateAccountRoute } from "./account/update.ts";
import { createAlertRoute } from "./alerts/create.ts";
import { deleteAlertRoute } from "./alerts/delete.ts";
import { listAlertsRoute } from "./alerts/list.ts";
import { listAlertNoticesRoute } from "./alerts/notices.ts";
import { readAlertRoute } from "./alerts/read.ts";
import { testAlertRoute } from "./alerts/test.ts";
import { updateAlertRoute } from "./alerts/update.ts";
import { createApiKeyRoute } from "./api-keys/create.ts";
import { listApiKeysRoute } from "./api-keys/list.ts";
import { readApiKeyRoute } from "./api-keys/read.ts";
import { revokeApiKeyRoute } from "./api-keys/revoke.ts";
import { exportAuditLogRoute } from "./audit-log/export.ts";
import { listAuditLogRoute } from "./audit-log/list.ts";
import { listAttemptsRoute } from "./deliveries/attempts.ts";
import { changeDeliveryRoutes } from "./deliveries/change.ts";
import {
  cancelDeliveriesRoute,
  clearQueueRoute,
  retryDeliveriesRoute,
  retryPendingRoute,
} from "./deliveries/change-many.ts";
import { compareDeliveryRoute } from "./deliveries/compare.ts";
import { deliveryFacetsRoute } from "./deliveries/facets.ts";
import { listDeliveriesRoute } from "./deliveries/list.ts";
import { readDeliveryRoute } from "./deliveries/read.ts";
import { replayDeliveriesRoute } from "./deliveries/replay.ts";
import { changeReplayRoutes, listReplaysRoute, readReplayRoute } from "./deliveries/replays.ts";
import { acceptEventRoute, acceptEventsRoute } from "./events/accept.ts";
import { eraseEventRoute } from "./events/erase.ts";
import { listEventsRoute } from "./events/list.ts";
import { readEventRoute } from "./events/read.ts";
import { listEventTypesRoute } from "./events/types.ts";
import { connectInspectorRoute } from "./inspector/connect.ts";
import { clearInspectedRoute, listInspectedRoute, readInspectedRoute } from "./inspector/requests.ts";
import { readInspectorRoute, updateInspectorRoute } from "./inspector/settings.ts";
import {
  disconnectByExternalIdRoute,
  previewPutRoute,
  putByExternalIdRoute,
  readByExternalIdRoute,
} from "./integrations/by-external-id.ts";
import { catalogRoute } from "./integrations/catalog.ts";
import { connectRoute } from "./integrations/connect.ts";
import { disconnectRoute } from "./integrations/disconnect.ts";
import { findConnectionsRoute } from "./integrations/find.ts";
import { listConnectionsRoute } from "./integrations/list.ts";
import { pauseAndResumeRoutes } from "./integrations/pause.ts";
import { readConnectionRoute } from "./integrations/read.ts";
import { readConnectorRoute } from "./integrations/read-connector.ts";
import { rotateSecretRoute } from "./integrations/rotate-secret.ts";
import { deliveryStatsRoute } from "./integrations/stats.ts";
import { testRoute } from "./integrations/test.ts";
import { updateRoute } from "./integrations/update.ts";
import { acceptInvitationRoute } from "./invitations/accept.ts";
import { inviteRoute } from "./invitations/create.ts";
import { listInvitationsRoute } from "./invitations/list.ts";
import { lookUpInvitationRoute } from "./invitations/look-up.ts";
import { readInvitationRoute } from "./invitations/read.ts";
import { revokeInvitationRoute } from "./invitations/revoke.ts";
import { changeIssueRoute } from "./issues/change.ts";
import { listIssuesRoute } from "./issues/list.ts";
import { readIssueRoute } from "./issues/read.ts";
import { lookUpRoute } from "./lookup/look-up.ts";
import { meRoute } from "./me/read.ts";
import { changeRoleRoute } from "./members/change-role.ts";
import { listMembersRoute } from "./members/list.ts";
import { removeMemberRoute } from "./members/remove.ts";
import { healthRoutes } from "./operations/health.ts";
import { metricsRoute } from "./operations/metrics.ts";
import { openApiRoute } from "./operations/openapi.ts";
import { systemRoute } from "./operations/system.ts";
import { completePasswordResetRoute } from "./password-resets/complete.ts";
import { requestPasswordResetRoute } from "./password-resets/request.ts";
import { listSessionsRoute } from "./session/list.ts";
import { readSessionRoute } from "./session/read.ts";
import { revokeSessionRoute } from "./session/revoke.ts";
import { revokeOtherSessionsRoute } from "./session/revoke-others.ts";
import { signInRoute } from "./session/sign-in.ts";
import { signOutRoute } from "./session/sign-out.ts";
import { setupRoutes } from "./setup/setup.ts";
import { readStatisticsRoute } from "./statistics/read.ts";
import { streamRoute } from "./stream/stream.ts";
import { readWorkspaceRoute } from "./workspace/read.ts";
import { updateWorkspaceRoute } from "./workspace/update.ts";
import { createWorkspaceRoute } from "./workspaces/create.ts";
import { leaveWorkspaceRoute } from "./workspaces/leave.ts";
import { listWorkspacesRoute } from "./workspaces/list.ts";
import { switchWorkspaceRoute } from "./workspaces/switch.ts";

/** Every route, in the order of the reference. */
const ROUTES: readonly ((app: ApiServer, services: Services) => void)[] = [
  catalogRoute,
  readConnectorRoute,
  connectRoute,
  listConnectionsRoute,
  findConnectionsRoute,
  readConnectionRoute,
  updateRoute,
  disconnectRoute,
  readByExternalIdRoute,
  putByExternalIdRoute,
  previewPutRoute,
  disconnectByExternalIdRoute,
  testRoute,
  pauseAndResumeRoutes,
  clearQueueRoute,
  rotateSecretRoute,
  deliveryStatsRoute,
  acceptEventRoute,
  acceptEventsRoute,
  listEventsRoute,
  readEventRoute,
  eraseEventRoute,
  listEventTypesRoute,
  listDeliveriesRoute,
  deliveryFacetsRoute,
  readDeliveryRoute,
  listAttemptsRoute,
  compareDeliveryRoute,
  changeDeliveryRoutes,
  retryDeliveriesRoute,
  retryPendingRoute,
  cancelDeliveriesRoute,
  replayDeliveriesRoute,
  listReplaysRoute,
  readReplayRoute,
  changeReplayRoutes,
  streamRoute,
  readStatisticsRoute,
  listIssuesRoute,
  readIssueRoute,
  changeIssueRoute,
  listAlertsRoute,
  createAlertRoute,
  readAlertRoute,
  updateAlertRoute,
  deleteAlertRoute,
  testAlertRoute,
  listAlertNoticesRoute,
  connectInspectorRoute,
  readInspectorRoute,
  updateInspectorRoute,
  listInspectedRoute,
  readInspectedRoute,
  clearInspectedRoute,
  meRoute,
  listApiKeysRoute,
  createApiKeyRoute,
  readApiKeyRoute,
  revokeApiKeyRoute,
  listAuditLogRoute,
  lookUpRoute,
  exportAuditLogRoute,
  setupRoutes,
  signInRoute,
  requestPasswordResetRoute,
  completePasswordResetRoute,
  readSessionRoute,
  signOutRoute,
  listSessionsRoute,
  revokeSessionRoute,
  listMembersRoute,
  changeRoleRoute,
  removeMemberRoute,
  listInvitationsRoute,
  inviteRoute,
  readInvitationRoute,
  revokeInvitationRoute,
  lookUpInvitationRoute,
  acceptInvitationRoute,
  listWorkspacesRoute,
  createWorkspaceRoute,
  switchWorkspaceRoute,
  leaveWorkspaceRoute,
  revokeOtherSessionsRoute,
  updateAccountRoute,
  changePasswordRoute,
  readWorkspaceRoute,
  updateWorkspaceRoute,
  healthRoutes,
  systemRoute,
  metricsRoute,
  openApiRoute,
];

export function registerRoutes(app: ApiServer, services: Services): void {
  for (const register of ROUTES) register(app, services);
}
