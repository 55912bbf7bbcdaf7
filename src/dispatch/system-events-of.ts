import type { UpdatedConnection } from "../domain/attempt-result.ts";
import type { Judged } from "./judge.ts";
import type { SystemEvent } from "./system-events.ts";

/**
 * The system events that these attempts cause: for connections that were paused or have recovered, and for deliveries
 * that failed permanently. Attempts at system events and tests cause none.
 */
export function systemEventsOf(
  judged: readonly Judged[],
  updated: ReadonlyMap<string, UpdatedConnection | null>,
): SystemEvent[] {
  const reported = judged.filter(
    ({ finished: { delivery } }) => delivery.event.origin === "application" && delivery.trigger !== "test",
  );
  const connections = new Set(reported.map(({ finished }) => finished.delivery.connection.id));
  return [
    ...reported.filter(({ next }) => next.status === "failed").map(deliveryFailed),
    ...[...connections].flatMap((id) => {
      const connection = updated.get(id);
      return connection === undefined || connection === null ? [] : connectionChanged(id, connection);
    }),
  ];
}

function deliveryFailed({ finished: { delivery }, attempt }: Judged): SystemEvent {
  const { connection, event } = delivery;
  return {
    workspaceId: connection.workspaceId,
    type: "delivery.failed",
    aboutConnectionId: connection.id,
    data: {
      delivery_id: delivery.id,
      event_id: event.id,
      event_type: event.type,
      connection_id: connection.id,
      endpoint_preview: connection.endpoint.preview,
      attempts: delivery.attemptNumber,
      last_error: attempt.error === null ? null : { ...attempt.error },
    },
  };
}

function connectionChanged(id: string, connection: UpdatedConnection): SystemEvent[] {
  if (connection.transition === null) return [];
  return [
    {
      workspaceId: connection.workspaceId,
      type: `integration.${connection.transition}`,
      aboutConnectionId: id,
      data: {
        connection_id: id,
        connection_name: connection.name,
        provider: connection.provider,
        endpoint_preview: connection.endpointPreview,
        ...(connection.pausedReason === null ? {} : { reason: connection.pausedReason }),
      },
    },
  ];
}
