import { recordAudit } from "../../src/audit/record-audit.ts";
import type { Database } from "../../src/db/open.ts";
import { type Actor, systemActor } from "../../src/domain/actor.ts";
import type { AuditEntry } from "../../src/domain/audit-entry.ts";
import type { PlannedConnection } from "./plan-connections.ts";
import type { SeededRandom } from "./random.ts";
import type { SeededPause } from "./write-history.ts";

const HOUR_MS = 60 * 60 * 1000;

type Dated = { readonly at: number; readonly entry: AuditEntry };

type AuditHistory = {
  readonly connections: readonly PlannedConnection[];
  readonly pauses: readonly SeededPause[];
  readonly actors: readonly Actor[];
  readonly history: { readonly from: number; readonly until: number };
};

/** Audit entries for connecting, pausing, disconnecting and signing in. */
export async function writeAudit(db: Database, history: AuditHistory, random: SeededRandom): Promise<void> {
  const entries = [
    ...connectionEntries(history, random),
    ...pauseEntries(history, random),
    ...signIns(history, random),
  ];
  await db.transaction().execute(async (trx) => {
    for (const { at, entry } of entries.sort((a, b) => a.at - b.at)) await recordAudit(trx, entry, at);
  });
}

function connectionEntries({ connections, actors }: AuditHistory, random: SeededRandom): readonly Dated[] {
  return connections.flatMap(({ row, behavior: { disconnectedAt } }) => {
    const target = { kind: "connection", id: row.id } as const;
    const { name, external_id, endpoint_preview } = row;
    const metadata = {
      name,
      ...(external_id === null ? {} : { external_id }),
      endpoint_preview,
      event_types: JSON.parse(row.event_types) as string[],
    };
    const connected: AuditEntry = {
      actor: random.pick(actors),
      action: "connection.connected",
      target,
      metadata,
    };
    if (disconnectedAt === null) return [{ at: row.created_at, entry: connected }];
    const gone: AuditEntry = {
      actor: random.pick(actors),
      action: "connection.disconnected",
      target,
      metadata: { name, endpoint_preview },
    };
    return [
      { at: row.created_at, entry: connected },
      { at: disconnectedAt, entry: gone },
    ];
  });
}

function pauseEntries({ pauses, actors }: AuditHistory, random: SeededRandom): readonly Dated[] {
  const [{ workspaceId }] = actors as [Actor];
  return pauses.map(({ connectionId, name, reason, at }) => ({
    at,
    entry: {
      actor: reason === "manual" ? random.pick(actors) : systemActor(workspaceId),
      action: "connection.paused",
      target: { kind: "connection", id: connectionId },
      metadata: { name, reason },
    },
  }));
}

function signIns({ actors, history: { from, until } }: AuditHistory, random: SeededRandom): readonly Dated[] {
  const days = Math.ceil((until - from) / (24 * HOUR_MS));
  return Array.from({ length: 2 * days }, () => {
    const actor = random.pick(actors);
    return {
      at: random.int(from, until),
      entry: { actor, action: "session.created", target: { kind: "session", id: null }, metadata: {} },
    };
  });
}
