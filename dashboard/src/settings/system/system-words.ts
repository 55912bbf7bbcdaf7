import type { System, Worker } from "../../api/types.ts";
import { bytes } from "../../text/bytes.ts";
import { count } from "../../text/count.ts";

export const DATABASES: Record<System["database"]["kind"], string> = {
  sqlite: "SQLite, embedded",
  postgres: "PostgreSQL",
};

export const KEY_SOURCES: Record<System["encryption_key"]["source"], string> = {
  INTEGRATION_SECRET_ENCRYPTION_KEY: "INTEGRATION_SECRET_ENCRYPTION_KEY",
  WEBHOOK_SECRET_ENCRYPTION_KEY: "WEBHOOK_SECRET_ENCRYPTION_KEY",
  data_folder: "Created for development, in the data folder",
};

/** How this process is notified of other processes' events and changes. */
export function listeningWords(isListening: boolean): string {
  return isListening ? "Notified (LISTEN)" : "Polled";
}

/** Whether a worker is delivering; null when unknown. */
export function isDelivering({ workers }: Pick<System, "workers">): boolean | null {
  return workers === null ? null : workers.some(({ is_silent }) => !is_silent);
}

/**
 * A worker's process id. Containers can share a host name and a process id; then the end of the worker's id is added,
 * because ids created at the same time start alike.
 */
export function processName({ id, host, pid }: Worker, workers: readonly Worker[]): string {
  const isShared = workers.some((other) => other.id !== id && other.host === host && other.pid === pid);
  return isShared ? `${pid} (…${id.slice(-ID_SHOWN_CHARS)})` : `${pid}`;
}

const ID_SHOWN_CHARS = 6;

/** Everything on the page as lines to paste into a report, without anyone's names, addresses or keys. */
export function systemSummary(system: System, readAt: Date): string {
  const { database, queue, workers, encryption_key: key, egress } = system;
  const delivering = isDelivering(system);
  return [
    `OpenSend ${system.version}, Node ${system.node_version}, started ${system.started_at}`,
    `Read at ${readAt.toISOString()}`,
    `Database: ${DATABASES[database.kind]}, ${database.reachable ? "reachable" : "not reachable"}${
      database.schema === null ? "" : `, schema ${database.schema}`
    }${database.size_bytes === null ? "" : `, ${bytes(database.size_bytes)}`}${
      database.reachable && database.listening === false ? ", not listening" : ""
    }`,
    `Delivery: ${delivering === null ? "unknown" : delivering ? "working" : "not working"}`,
    ...(queue === null
      ? []
      : [`Queue: ${count(queue.pending)} pending, oldest due ${queue.oldest_due_at ?? "none"}`]),
    ...(workers ?? []).map(
      (worker, _index, all) =>
        `Worker: ${worker.version}, process ${processName(worker, all)}, last heartbeat ${worker.heartbeat_at}${worker.is_silent ? ", silent" : ""}`,
    ),
    `Encryption key: ${KEY_SOURCES[key.source]}, previous keys ${key.previous_keys}`,
    `Outbound: proxy ${egress.proxy ? "yes" : "no"}, allowed ranges ${egress.allowed_ranges}, loopback ${
      egress.loopback_allowed ? "allowed" : "not allowed"
    }`,
    `Last cleanup: ${system.retention.last_pass_at ?? "not yet since startup"}`,
  ].join("\n");
}
