import type { System } from "../../api/types.ts";
import { bytes } from "../../text/bytes.ts";
import { count } from "../../text/count.ts";

export const DATABASES: Record<System["database"]["kind"], string> = {
  sqlite: "SQLite, embedded",
  postgres: "PostgreSQL",
};

export const KEY_SOURCES: Record<System["encryption_key"]["source"], string> = {
  INTEGRATION_SECRET_ENCRYPTION_KEY: "INTEGRATION_SECRET_ENCRYPTION_KEY",
  WEBHOOK_SECRET_ENCRYPTION_KEY: "WEBHOOK_SECRET_ENCRYPTION_KEY",
  data_folder: "Made for development, in the data folder",
};

/** Whether anybody delivers; null when that cannot be told. */
export function isDelivering({ workers }: Pick<System, "workers">): boolean | null {
  return workers === null ? null : workers.some(({ is_silent }) => !is_silent);
}

/** Everything the page shows, as lines to paste into a report. It holds no name, address or key of anybody. */
export function systemSummary(system: System, readAt: Date): string {
  const { database, queue, workers, encryption_key: key, egress } = system;
  const delivering = isDelivering(system);
  return [
    `OpenSend ${system.version}, Node ${system.node_version}, started ${system.started_at}`,
    `Read at ${readAt.toISOString()}`,
    `Database: ${DATABASES[database.kind]}, ${database.reachable ? "reachable" : "not reachable"}${
      database.schema === null ? "" : `, schema ${database.schema}`
    }${database.size_bytes === null ? "" : `, ${bytes(database.size_bytes)}`}`,
    `Delivery: ${delivering === null ? "not known" : delivering ? "working" : "not working"}`,
    ...(queue === null
      ? []
      : [
          `Queue: ${count(queue.pending)} pending, ${count(queue.delivering)} delivering, oldest due ${queue.oldest_due_at ?? "none"}`,
        ]),
    ...(workers ?? []).map(
      (worker) =>
        `Worker: ${worker.version}, process ${worker.pid}, last beat ${worker.beat_at}${worker.is_silent ? ", silent" : ""}`,
    ),
    `Encryption key: ${KEY_SOURCES[key.source]}, previous keys ${key.previous_keys}`,
    `Outbound: proxy ${egress.proxy ? "yes" : "no"}, allowed ranges ${egress.allowed_ranges}, loopback ${
      egress.loopback_allowed ? "allowed" : "not allowed"
    }`,
    `Retention: last pass ${system.retention.last_pass_at ?? "not yet since the start"}`,
  ].join("\n");
}
