import { equalInConstantTime, fingerprintUrl, type Keyring } from "../crypto/keyring.ts";
import { UnsealError } from "../crypto/seal.ts";
import type { Database } from "../db/open.ts";
import { type Page, type PageRequest, type Position, readPage } from "../db/paging.ts";
import type { Connection } from "../domain/connection.ts";
import { OpenSendError } from "../domain/errors.ts";
import { readUrl } from "../http-client/url-policy.ts";
import type { ConnectionReader } from "./by-external-id.ts";
import { selectConnections, toConnection } from "./connection-row.ts";
import { openCredentials } from "./endpoint.ts";
import { LIVE } from "./walk-connections.ts";

/** How many connections with the same fingerprint one page compares; their URLs hardly ever differ. */
const COMPARED_MAX = 1000;

/**
 * A workspace's connections with a URL, newest first, among those the reader may see. The fingerprint finds candidates
 * and the URL decides, since with millions of connections some fingerprints collide.
 *
 * @throws {OpenSendError} `validation_failed` for an invalid URL.
 */
export async function findByUrl(
  deps: { readonly db: Database; readonly keyring: Keyring },
  reader: ConnectionReader,
  text: string,
  page: PageRequest,
): Promise<Page<Connection>> {
  const read = readUrl(text);
  if (!read.valid) throw noUrl();
  const { href } = read.url;
  const found: Connection[] = [];
  let after: Position | null = page.after;
  for (let compared = 0; compared < COMPARED_MAX; compared += page.limit) {
    const slice = await readSlice(deps, reader, href, { limit: page.limit, after });
    for (const row of slice.rows) {
      if (found.length === page.limit) return { rows: found, hasMore: true };
      after = { createdAt: row.created_at, id: row.id };
      if (hasUrl(deps.keyring, row, href)) found.push(toConnection(row));
    }
    if (!slice.hasMore) return { rows: found, hasMore: false };
  }
  return after === null ? { rows: found, hasMore: true } : { rows: found, hasMore: true, stoppedAt: after };
}

function readSlice(
  { db, keyring }: { readonly db: Database; readonly keyring: Keyring },
  { workspaceId, key }: ConnectionReader,
  href: string,
  page: PageRequest,
) {
  // Connections not resealed since the key changed have the fingerprint of the earlier key.
  const fingerprints = [...keyring.byId.values()].map((one) => fingerprintUrl(one, href));
  let query = selectConnections(db)
    .select(["workspace_id", "sealed_credentials"])
    .where("workspace_id", "=", workspaceId)
    .where("endpoint_fingerprint", "in", fingerprints)
    .where(LIVE);
  if (key?.isConfined === true) query = query.where("owner_key_id", "=", key.ownerId);
  return readPage(query, page);
}

type SealedRow = {
  readonly id: string;
  readonly workspace_id: string;
  readonly sealed_credentials: string | null;
};

function hasUrl(keyring: Keyring, row: SealedRow, href: string): boolean {
  if (row.sealed_credentials === null) return false;
  const binding = { workspaceId: row.workspace_id, connectionId: row.id };
  try {
    const { webhookUrl } = openCredentials(keyring, binding, row.sealed_credentials);
    return equalInConstantTime(webhookUrl, href);
  } catch (error) {
    if (error instanceof UnsealError) return false;
    throw error;
  }
}

function noUrl(): OpenSendError {
  const message = "Must be a whole URL that starts with https://.";
  return new OpenSendError("validation_failed", `Not valid: \`webhook_url\`. ${message}`, {
    fields: [{ path: "webhook_url", message }],
  });
}
