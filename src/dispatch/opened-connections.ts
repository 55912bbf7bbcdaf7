import { UnsealError } from "../crypto/seal.ts";
import type { QueueState } from "../db/hot-statements.ts";
import type { Credentials } from "../domain/connection.ts";
import type { Receiver } from "../domain/diagnostics/detect-receiver.ts";
import { createEchoMask, type MaskEcho } from "../domain/mask-echo.ts";

/** A connection with its credentials unsealed, ready for sending. */
export type OpenedConnection = {
  readonly id: string;
  readonly workspaceId: string;
  readonly provider: string;
  /** Version of the row that it was opened from. */
  readonly version: number;
  readonly isOrdered: boolean;
  /** Concurrency limit. */
  readonly concurrency: number;
  readonly hasRateLimit: boolean;
  /** Timeout of one request. */
  readonly timeoutMs: number;
  readonly endpoint: {
    readonly host: string;
    readonly preview: string;
    readonly fingerprint: string;
    readonly receiver: Receiver;
  };
  /** Null when there are none any more, or when no available key opens them. */
  readonly credentials: Credentials | null;
  /** Masks the credentials in a text that a receiver wrote. */
  readonly maskEcho: MaskEcho;
};

/** @throws {UnsealError} when none of the available keys opens the row. */
export type OpenCredentials = (row: {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly sealed: string;
}) => Credentials;

/**
 * Connections kept in memory: each is one URL and secret in clear text, with the spellings in which a receiver can echo
 * them.
 */
const CACHED_MAX = 1000;

type CachedConnection = {
  readonly version: number;
  readonly sealed: string | null;
  readonly connection: OpenedConnection;
};

/**
 * Caches opened connections: unsealing and computing the possible spellings of an echo take longer than signing and
 * sending. The least recently used is dropped first.
 */
export class OpenedConnections {
  readonly #openCredentials: OpenCredentials;
  /** Ordered from least to most recently used. */
  readonly #cached = new Map<string, CachedConnection>();

  constructor(openCredentials: OpenCredentials) {
    this.#openCredentials = openCredentials;
  }

  /** Returns the row's connection, and opens it again only when the row has changed. */
  open(row: QueueState): OpenedConnection {
    const known = this.#cached.get(row.id);
    this.#cached.delete(row.id);
    const isCurrent = known?.version === row.version && known.sealed === row.sealed_credentials;
    const entry = isCurrent ? known : this.#openAgain(row);
    this.#cached.set(row.id, entry);
    if (this.#cached.size > CACHED_MAX) {
      const [oldest] = this.#cached.keys();
      if (oldest !== undefined) this.#cached.delete(oldest);
    }
    return entry.connection;
  }

  #openAgain(row: QueueState): CachedConnection {
    const connection = toOpened(row, this.#unseal(row));
    return { version: row.version, sealed: row.sealed_credentials, connection };
  }

  #unseal({ id, workspace_id: workspaceId, sealed_credentials: sealed }: QueueState): Credentials | null {
    if (sealed === null) return null;
    try {
      return this.#openCredentials({ workspaceId, connectionId: id, sealed });
    } catch (error) {
      if (error instanceof UnsealError) return null;
      throw error;
    }
  }
}

function toOpened(row: QueueState, credentials: Credentials | null): OpenedConnection {
  let mask: MaskEcho | null = null;
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    provider: row.provider,
    version: row.version,
    isOrdered: row.ordered === 1,
    concurrency: row.ordered === 1 ? 1 : row.concurrency,
    hasRateLimit: row.rate_limit_per_minute !== null,
    timeoutMs: row.timeout_seconds * 1000,
    endpoint: {
      host: row.endpoint_host,
      preview: row.endpoint_preview,
      fingerprint: row.endpoint_fingerprint,
      receiver: row.receiver,
    },
    credentials,
    maskEcho: (text, truncated, place) => {
      if (credentials === null) return text;
      mask ??= createEchoMask(credentials);
      return mask(text, truncated, place);
    },
  };
}
