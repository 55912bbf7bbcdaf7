import { UnsealError } from "../crypto/seal.ts";
import type { QueueState } from "../db/hot-statements.ts";
import type { Credentials } from "../domain/connection.ts";
import type { Receiver } from "../domain/diagnostics/detect-receiver.ts";
import { createEchoMask, type MaskEcho } from "../domain/mask-echo.ts";

/** A connection ready to be sent to. */
export type OpenedConnection = {
  readonly id: string;
  readonly workspaceId: string;
  readonly provider: string;
  /** Of the row it was opened from. */
  readonly version: number;
  readonly isOrdered: boolean;
  /** Requests at once. */
  readonly concurrency: number;
  readonly hasRateLimit: boolean;
  readonly endpoint: {
    readonly host: string;
    readonly preview: string;
    readonly fingerprint: string;
    readonly receiver: Receiver;
  };
  /** Null when there are none any more, or when none of the keys at hand opens them. */
  readonly credentials: Credentials | null;
  /** Takes the credentials out of a text a receiver wrote. */
  readonly maskEcho: MaskEcho;
};

export type OpenedConnections = {
  /** The row's connection, opened anew only when the row has changed. */
  readonly open: (row: QueueState) => OpenedConnection;
  readonly size: () => number;
};

/** @throws {UnsealError} when the row cannot be opened with the keys at hand. */
export type OpenCredentials = (row: {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly sealed: string;
}) => Credentials;

/** Kept in memory at once: each holds one URL and secret in clear, and the spellings they may be echoed in. */
const KEPT_MAX = 1000;

/**
 * Keeps connections that are sent to opened: unsealing and working out what an echo may look like takes longer than
 * signing and sending. What was not used for longest is dropped first; what changed is opened anew.
 */
export function createOpenedConnections(deps: {
  readonly openCredentials: OpenCredentials;
}): OpenedConnections {
  type Kept = {
    readonly version: number;
    readonly sealed: string | null;
    readonly connection: OpenedConnection;
  };
  const kept = new Map<string, Kept>();
  return {
    open: (row) => {
      const known = kept.get(row.id);
      kept.delete(row.id);
      const isCurrent = known?.version === row.version && known.sealed === row.sealed_credentials;
      const entry = isCurrent
        ? known
        : { version: row.version, sealed: row.sealed_credentials, connection: openConnection(deps, row) };
      kept.set(row.id, entry);
      if (kept.size > KEPT_MAX) {
        const [oldest] = kept.keys();
        if (oldest !== undefined) kept.delete(oldest);
      }
      return entry.connection;
    },
    size: () => kept.size,
  };
}

function openConnection(
  deps: { readonly openCredentials: OpenCredentials },
  row: QueueState,
): OpenedConnection {
  const credentials = openCredentials(deps, row);
  let mask: MaskEcho | null = null;
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    provider: row.provider,
    version: row.version,
    isOrdered: row.ordered === 1,
    concurrency: row.ordered === 1 ? 1 : row.concurrency,
    hasRateLimit: row.rate_limit_per_minute !== null,
    endpoint: {
      host: row.endpoint_host,
      preview: row.endpoint_preview,
      fingerprint: row.endpoint_fingerprint,
      receiver: row.receiver,
    },
    credentials,
    maskEcho: (text, cutOff) => {
      if (credentials === null) return text;
      mask ??= createEchoMask(credentials);
      return mask(text, cutOff);
    },
  };
}

function openCredentials(
  deps: { readonly openCredentials: OpenCredentials },
  row: QueueState,
): Credentials | null {
  if (row.sealed_credentials === null) return null;
  try {
    return deps.openCredentials({
      workspaceId: row.workspace_id,
      connectionId: row.id,
      sealed: row.sealed_credentials,
    });
  } catch (error) {
    if (error instanceof UnsealError) return null;
    throw error;
  }
}
