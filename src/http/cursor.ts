import type { Page, PageRequest } from "../db/paging.ts";
import { OpenSendError } from "../domain/errors.ts";
import { isUuid } from "../domain/id.ts";

/** Names the list a cursor belongs to, so that a cursor of another list is refused. */
export type ListName =
  | "connections"
  | "connections_by_url"
  | "events"
  | "deliveries"
  | "replays"
  | "issues"
  | "issues_by_impact"
  | "api_keys"
  | "audit_log"
  | "alert_notices"
  | "sessions"
  | "members";

/** Lists that are ordered by a name or a number. */
type NamedList = "event_types" | "attempts";

function encodeCursor(list: ListName, row: { createdAt: number; id: string }): string {
  return Buffer.from(JSON.stringify([list, row.createdAt, row.id])).toString("base64url");
}

/** @throws {OpenSendError} `invalid_cursor`. */
export function readPageRequest(
  list: ListName,
  query: { limit: number; cursor?: string | undefined },
): PageRequest {
  return { limit: query.limit, after: query.cursor === undefined ? null : decodeCursor(list, query.cursor) };
}

function decodeCursor(list: ListName, cursor: string) {
  const [name, createdAt, id] = decode(cursor);
  if (name === list && Number.isSafeInteger(createdAt) && typeof id === "string" && isUuid(id)) {
    return { createdAt: createdAt as number, id };
  }
  throw invalidCursor();
}

/** Empty for an invalid cursor: the parser's reason helps no one. */
function decode(cursor: string): readonly unknown[] {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(decoded) ? decoded : [];
  } catch {
    return [];
  }
}

export function invalidCursor(): OpenSendError {
  return new OpenSendError(
    "invalid_cursor",
    "The `cursor` is not one of this list. Pass `next_cursor` unchanged, or leave it out for the first page.",
  );
}

export function encodeNameCursor(list: NamedList, name: string): string {
  return Buffer.from(JSON.stringify([list, name])).toString("base64url");
}

/** The name after which the next page begins. @throws {OpenSendError} `invalid_cursor`. */
export function readNameCursor(list: NamedList, cursor: string): string {
  const [name, position, ...rest] = decode(cursor);
  if (name !== list || typeof position !== "string" || rest.length > 0) throw invalidCursor();
  return position;
}

/** For a list with several sort orders: the cursor is valid for one of them. */
export function encodeSortedCursor(
  list: ListName,
  sort: string,
  { key, id }: { readonly key: SortKey; readonly id: string },
): string {
  return Buffer.from(JSON.stringify([list, sort, ...key, id])).toString("base64url");
}

type SortKey = readonly (string | number)[];

/** @throws {OpenSendError} `invalid_cursor`. */
export function readSortedCursor(list: ListName, sort: string, cursor: string) {
  const [name, sortedBy, ...rest] = decode(cursor);
  const id = rest.pop();
  const isKey = rest.every((part) => typeof part === "string" || Number.isFinite(part));
  if (name !== list || sortedBy !== sort || !isKey || typeof id !== "string" || !isUuid(id)) {
    throw invalidCursor();
  }
  return { key: rest as SortKey, id };
}

/** A list response; its cursor is where the page stopped, or else the position of its last row. */
export function presentList<Row extends { createdAt: number; id: string }, View>(
  list: ListName,
  page: Page<Row>,
  present: (row: Row) => View,
) {
  const last = page.stoppedAt ?? page.rows.at(-1);
  return {
    object: "list" as const,
    data: page.rows.map(present),
    has_more: page.hasMore,
    next_cursor: page.hasMore && last !== undefined ? encodeCursor(list, last) : null,
  };
}
