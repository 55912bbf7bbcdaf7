import { sql } from "kysely";
import type { Keyring } from "../crypto/keyring.ts";
import { UnsealError } from "../crypto/seal.ts";
import type { DatabaseTransaction, Store } from "../db/open.ts";
import { CLOCK_SKEW_MAX_MS } from "../domain/stored-deadline.ts";
import type { Mail } from "./mail.ts";
import type { MailFailure } from "./mail-failure.ts";
import { mailRetryDelayMs, openMail } from "./outbox.ts";
import { type MailSession, SEND_DEADLINE_MS, type SmtpServer } from "./smtp.ts";

/** An arbitrary number that only sending mail uses (PostgreSQL, `pg_try_advisory_xact_lock`). */
const MAIL_LOCK = 3_015_006;
/** Longer than any attempt takes, so an older claim belongs to a process that has ended. */
const CLAIM_MS = 2 * SEND_DEADLINE_MS;
const MAILS_PER_ROUND_MAX = 50;

export type PostmanDeps = {
  readonly store: Pick<Store, "db" | "dialect" | "transact">;
  readonly keyring: Keyring;
  /** Null if no mail server is configured. */
  readonly smtp: Pick<SmtpServer, "open"> | null;
  readonly now: () => number;
  /** Called in the transaction that deletes the mail: it was accepted (null), or given up. */
  readonly recordOutcome: (
    trx: DatabaseTransaction,
    reference: string,
    failure: MailFailure | null,
  ) => Promise<void>;
  readonly onFailure: (failure: MailFailure) => void;
};

type Claimed = {
  readonly id: string;
  readonly sealed: string;
  readonly reference: string | null;
  readonly tries: number;
  readonly expires_at: number;
};

/**
 * Sends queued mails one at a time, in one process at a time. A mail is deleted after the server has accepted it, so a
 * crash in between sends it twice, and no mail is lost.
 */
export class Postman {
  readonly #deps: PostmanDeps;
  #isStopping = false;
  #session: MailSession | null = null;
  #round: Promise<void> | null = null;

  constructor(deps: PostmanDeps) {
    this.#deps = deps;
  }

  /** Sends due mails; a failure ends the round, since the next mail would most likely fail too. */
  async sendSome(): Promise<void> {
    if (this.#deps.smtp === null || this.#isStopping) return;
    this.#round ??= this.#sendRound(this.#deps.smtp).finally(() => {
      this.#round = null;
    });
    await this.#round;
  }

  /** Aborts the mail being sent; another process sends it again. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#session?.close();
    await this.#round?.catch(() => undefined);
  }

  async #sendRound(smtp: Pick<SmtpServer, "open">): Promise<void> {
    try {
      for (let sent = 0; sent < MAILS_PER_ROUND_MAX && !this.#isStopping; sent++) {
        const claimed = await this.#claim();
        if (claimed === null) return;
        this.#session ??= await smtp.open();
        const failure = await this.#try(this.#session, claimed);
        if (failure !== null) this.#deps.onFailure(failure);
        if (failure !== null && !failure.isPermanent) return;
      }
    } finally {
      this.#session?.close();
      this.#session = null;
    }
  }

  /** An idle instance opens no transaction. */
  async #claim(): Promise<Claimed | null> {
    const { store, now } = this.#deps;
    const isDue = await store.db
      .selectFrom("mails")
      .select("id")
      .where("due_at", "<=", now())
      .limit(1)
      .executeTakeFirst();
    if (isDue === undefined) return null;
    return store.transact((trx) => claimNext(trx, store.dialect, now()));
  }

  async #try(session: MailSession, claimed: Claimed): Promise<MailFailure | null> {
    const { keyring, store, recordOutcome, now } = this.#deps;
    const isExpired = claimed.expires_at <= now();
    const mail = this.#open(keyring, claimed);
    const failure = isExpired ? EXPIRED : mail === null ? UNREADABLE : await session.send(claimed.id, mail);
    const at = now();
    const nextAt = at + mailRetryDelayMs(claimed.tries + 1);
    const isEnded = failure === null || failure.isPermanent || nextAt >= claimed.expires_at;
    await store.transact(async (trx) => {
      if (!isEnded) return postpone(trx, claimed, nextAt);
      await trx.deleteFrom("mails").where("id", "=", claimed.id).execute();
      if (claimed.reference !== null) await recordOutcome(trx, claimed.reference, failure);
    });
    return failure;
  }

  #open(keyring: Keyring, claimed: Claimed): Mail | null {
    try {
      return openMail(keyring, claimed);
    } catch (error) {
      if (error instanceof UnsealError) return null;
      throw error;
    }
  }
}

const EXPIRED: MailFailure = {
  code: "mail_expired",
  message: "The mail server did not take the mail in time.",
  isPermanent: true,
};

const UNREADABLE: MailFailure = {
  code: "mail_failed",
  message: "The stored mail cannot be opened: it was sealed with a key that this server does not have.",
  isPermanent: true,
};

/** Claims nothing while another process sends a mail. */
async function claimNext(
  trx: DatabaseTransaction,
  dialect: Store["dialect"],
  now: number,
): Promise<Claimed | null> {
  if (dialect === "postgres") {
    const { rows } = await sql<{
      ours: boolean;
    }>`select pg_try_advisory_xact_lock(${MAIL_LOCK}) as ours`.execute(trx);
    if (rows[0]?.ours !== true) return null;
  }
  const another = await trx
    .selectFrom("mails")
    .select("id")
    .where("claimed_until", ">", now)
    // A longer claim was created by a clock that has been set back since.
    .where("claimed_until", "<=", now + CLAIM_MS + CLOCK_SKEW_MAX_MS)
    .limit(1)
    .executeTakeFirst();
  if (another !== undefined) return null;
  const next = await trx
    .selectFrom("mails")
    .select(["id", "sealed", "reference", "tries", "expires_at"])
    .where("due_at", "<=", now)
    .orderBy("due_at")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  if (next === undefined) return null;
  await trx
    .updateTable("mails")
    .set({ claimed_until: now + CLAIM_MS })
    .where("id", "=", next.id)
    .execute();
  return next;
}

async function postpone(trx: DatabaseTransaction, { id, tries }: Claimed, dueAt: number): Promise<void> {
  await trx
    .updateTable("mails")
    .set({ due_at: dueAt, tries: tries + 1, claimed_until: null })
    .where("id", "=", id)
    .execute();
}
