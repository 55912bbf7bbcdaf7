import { Readable } from "node:stream";
import { z } from "zod";
import { type AuditFilter, type AuditListing, walkAudit } from "../../../audit/list-audit.ts";
import type { Database } from "../../../db/open.ts";
import { csvRecord } from "../../../domain/csv.ts";
import { OpenSendError } from "../../../domain/errors.ts";
import { FairSlots, type ReleaseSlot, type SlotLimits } from "../../../domain/fair-slots.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { auditFilterFields, readAuditFilter } from "../../schemas/audit-filter.ts";
import { problems, toTimestamp } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

/** Read in one step of half a millisecond; each page is sent before the next is read. */
const PAGE_ROWS = 50;
/**
 * Exports in progress in this process, each at the speed of its reader; a workspace may use a third of the free slots.
 */
const EXPORTS: SlotLimits = { slotsMax: 8, partOfFree: 3, waitingMax: 0, waitingOfAllMax: 0 };
const BUSY_RETRY_S = 10;

const COLUMNS = [
  "created_at",
  "action",
  "actor_kind",
  "actor_id",
  "actor_name",
  "address",
  "target_kind",
  "target_id",
  "metadata",
  "id",
] as const;

export function exportAuditLogRoute(app: ApiServer, { instance: { db, now } }: Services): void {
  const slots = new FairSlots(EXPORTS);
  app.get(
    "/api/audit-log/export",
    {
      config: { requires: "read" },
      schema: {
        operationId: "exportAuditLog",
        summary: "Export audit entries as CSV, newest first",
        description:
          "All entries that match the filters, as RFC 4180 in UTF-8 with a header row. Cells that a spreadsheet would run as a formula, with any separator, get a leading apostrophe.",
        tags: [TAGS.audit],
        security: KEY_OR_SESSION,
        querystring: z.strictObject(auditFilterFields),
        response: {
          200: { description: "The entries", content: { "text/csv": { schema: z.string() } } },
          ...problems("unauthenticated", "forbidden", "validation_failed"),
        },
      },
    },
    async (request, reply) => {
      const { workspaceId } = callerOf(request);
      const filter = readAuditFilter(request.query);
      // A HEAD request must not read the whole log.
      const isRead = request.method !== "HEAD";
      const csv = isRead ? await openCsv(slots, db, workspaceId, filter) : Readable.from([]);
      const day = toTimestamp(now()).slice(0, "2026-06-06".length);
      reply.type("text/csv; charset=utf-8");
      reply.header("content-disposition", `attachment; filename="audit-log-${day}.csv"`);
      // Typed as the schema's text; it is streamed.
      return csv as unknown as string;
    },
  );
}

async function openCsv(
  slots: FairSlots,
  db: Database,
  workspaceId: string,
  filter: AuditFilter,
): Promise<Readable> {
  const leave = await enter(slots, workspaceId);
  const csv = Readable.from(csvPages(db, workspaceId, filter));
  // However the export ends: complete, failed, or cut off by a reader who left.
  csv.once("close", leave);
  return csv;
}

async function enter(slots: FairSlots, workspaceId: string): Promise<ReleaseSlot> {
  const slot = slots.enter(workspaceId);
  if (typeof slot !== "string") return slot;
  throw new OpenSendError(
    "rate_limited",
    "This workspace has as many exports under way as it may. Wait until one ends, or narrow this one down.",
    { retryAfterSeconds: BUSY_RETRY_S },
  );
}

async function* csvPages(db: Database, workspaceId: string, filter: AuditFilter): AsyncGenerator<string> {
  yield csvRecord(COLUMNS);
  for await (const entries of walkAudit(db, workspaceId, filter, PAGE_ROWS)) {
    yield entries.map((entry) => csvRecord(cellsOf(entry))).join("");
  }
}

function cellsOf({ id, action, actor, target, address, metadata, createdAt }: AuditListing) {
  const cells: Record<(typeof COLUMNS)[number], string | null> = {
    created_at: toTimestamp(createdAt),
    action,
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    address,
    target_kind: target.kind,
    target_id: target.id,
    metadata: JSON.stringify(metadata),
    id,
  };
  return COLUMNS.map((column) => cells[column]);
}
