import { z } from "zod";
import type { KeySource } from "../../config/secrets.ts";
import type { Dialect } from "../../db/open.ts";
import type { QueueDepth } from "../../dispatch/queue-depth.ts";
import type { WorkerState } from "../../dispatch/read-workers.ts";
import { timestamp, toNullableTimestamp, toTimestamp } from "./shared.ts";

/** The state of the instance: numbers, and names of variables and machines, never data of a workspace. */
export type SystemState = {
  readonly version: string;
  readonly nodeVersion: string;
  /** Epoch milliseconds, like all times here. */
  readonly startedAt: number;
  readonly databaseKind: Dialect;
  /** Null with a single process. */
  readonly isListening: boolean | null;
  /** Null when the database does not respond. */
  readonly stored: StoredState | null;
  readonly keySource: KeySource;
  readonly previousKeys: number;
  readonly hasProxy: boolean;
  readonly allowedRanges: number;
  readonly allowsLoopback: boolean;
  readonly lastCleanupAt: number | null;
};

type StoredState = {
  readonly schema: number;
  readonly sizeBytes: number;
  readonly queue: QueueDepth;
  readonly workers: readonly WorkerState[];
};

const count = z.int().min(0);

const Worker = z
  .object({
    id: z.string(),
    host: z.string(),
    pid: z.int(),
    version: z.string(),
    started_at: timestamp,
    heartbeat_at: timestamp.meta({ description: "When it last said that it is there" }),
    is_silent: z.boolean().meta({ description: "No heartbeat for 20 s: it does not deliver" }),
  })
  .meta({ id: "Worker" });

const System = z
  .object({
    version: z.string(),
    node_version: z.string(),
    started_at: timestamp.meta({ description: "Of the process that handles the call" }),
    database: z.object({
      kind: z.enum(["sqlite", "postgres"]),
      reachable: z.boolean(),
      schema: count.nullable(),
      size_bytes: count.nullable(),
      listening: z.boolean().nullable().meta({
        description:
          "Whether the process that handles the call is notified by others (LISTEN); otherwise it polls. Null for the embedded database",
      }),
    }),
    queue: z
      .object({
        pending: count.meta({
          description:
            "Pending, a second or two behind: being sent, or waiting for their turn, their retry, or a paused connection",
        }),
        oldest_due_at: timestamp
          .nullable()
          .meta({ description: "When the oldest delivery that could leave by now was due" }),
      })
      .nullable()
      .meta({ description: "Of all workspaces together; may be some seconds old" }),
    workers: z.array(Worker).nullable(),
    encryption_key: z.object({
      source: z
        .enum(["INTEGRATION_SECRET_ENCRYPTION_KEY", "WEBHOOK_SECRET_ENCRYPTION_KEY", "data_folder"])
        .meta({
          description:
            "The variable that sets the key, or the data folder when it was generated for development",
        }),
      previous_keys: count,
    }),
    egress: z.object({ proxy: z.boolean(), allowed_ranges: count, loopback_allowed: z.boolean() }),
    retention: z.object({
      last_pass_at: timestamp
        .nullable()
        .meta({ description: "By the process that handles the call, since its start" }),
    }),
  })
  .meta({ id: "System" });

export const SystemAnswer = z
  .object({ object: z.literal("system"), data: System })
  .meta({ id: "SystemAnswer" });

export function presentSystem(state: SystemState): z.infer<typeof SystemAnswer> {
  const { stored, keySource } = state;
  return {
    object: "system",
    data: {
      version: state.version,
      node_version: state.nodeVersion,
      started_at: toTimestamp(state.startedAt),
      database: {
        kind: state.databaseKind,
        reachable: stored !== null,
        schema: stored?.schema ?? null,
        size_bytes: stored?.sizeBytes ?? null,
        listening: state.isListening,
      },
      queue: stored && {
        pending: stored.queue.pending,
        oldest_due_at: toNullableTimestamp(stored.queue.oldestDueAt),
      },
      workers: stored === null ? null : stored.workers.map(presentWorker),
      encryption_key: {
        source: keySource === "data folder" ? "data_folder" : keySource,
        previous_keys: state.previousKeys,
      },
      egress: {
        proxy: state.hasProxy,
        allowed_ranges: state.allowedRanges,
        loopback_allowed: state.allowsLoopback,
      },
      retention: { last_pass_at: toNullableTimestamp(state.lastCleanupAt) },
    },
  };
}

function presentWorker(worker: WorkerState): z.infer<typeof Worker> {
  return {
    id: worker.id,
    host: worker.host,
    pid: worker.pid,
    version: worker.version,
    started_at: toTimestamp(worker.startedAt),
    heartbeat_at: toTimestamp(worker.heartbeatAt),
    is_silent: worker.isSilent,
  };
}
