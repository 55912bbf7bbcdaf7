import { createHmac } from "node:crypto";
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../db/open.ts";
import { addressSubject } from "../domain/address-subject.ts";
import { OpenSendError } from "../domain/errors.ts";
import { CLOCK_SKEW_MAX_MS } from "../domain/stored-deadline.ts";

const MINUTE_MS = 60_000;
/** How long an address counts as known after its account signed in from it. */
const KNOWN_MS = 90 * 24 * 60 * MINUTE_MS;

/**
 * Attempts allowed per window. The pair's limit stops someone who guesses, the address's limit someone who tries many
 * accounts, and the account's limit someone who uses many addresses. Known addresses are exempt from the account's
 * limit, so that no one can lock the owner out.
 */
const LIMITS = {
  pair: { attemptsMax: 5, windowMs: 5 * MINUTE_MS },
  address: { attemptsMax: 30, windowMs: 15 * MINUTE_MS },
  account: { attemptsMax: 50, windowMs: 60 * MINUTE_MS },
} as const;

export type Attempt = { readonly email: string; readonly address: string | null };

/**
 * Counts an attempt before the password is checked, so that concurrent attempts cannot exceed the limit. Stored in the
 * database, so that limits survive restarts and apply across all nodes.
 *
 * @throws {OpenSendError} `sign_in_throttled` with the seconds to wait.
 */
export async function countAttempt(
  db: Database,
  secret: string,
  attempt: Attempt,
  now: number,
): Promise<void> {
  for (const { subject, limit } of subjects(secret, attempt)) {
    const waitMs = await count(db, subject, limit, now);
    if (waitMs === null) continue;
    if (limit === LIMITS.account && (await isKnown(db, secret, attempt, now))) continue;
    throw throttled("Too many sign-ins failed.", waitMs);
  }
}

/** Limits for password reset requests: each mails someone who may not have asked for it. */
const RESET_LIMITS = {
  address: { attemptsMax: 10, windowMs: 60 * MINUTE_MS },
  account: { attemptsMax: 3, windowMs: 60 * MINUTE_MS },
} as const;

/**
 * Counts a request for a password reset, whether or not the account exists.
 *
 * @throws {OpenSendError} `sign_in_throttled` with the seconds to wait.
 */
export async function countResetRequest(
  db: Database,
  secret: string,
  attempt: Attempt,
  now: number,
): Promise<void> {
  const { account, from } = digests(secret, attempt);
  for (const [subject, limit] of [
    [`reset-address:${from}`, RESET_LIMITS.address],
    [`reset-account:${account}`, RESET_LIMITS.account],
  ] as const) {
    const waitMs = await count(db, subject, limit, now);
    if (waitMs !== null) throw throttled("Too many password resets were requested.", waitMs);
  }
}

/** Counts an attempt; returns how long to wait if there were too many. */
async function count(
  db: Database,
  subject: string,
  limit: { readonly attemptsMax: number; readonly windowMs: number },
  now: number,
): Promise<number | null> {
  // A window that begins in the future was begun by a clock that has been set back since.
  const expired = sql<boolean>`(sign_in_throttles.first_attempt_at <= ${now - limit.windowMs}
    or sign_in_throttles.first_attempt_at > ${now + CLOCK_SKEW_MAX_MS})`;
  const row = await db
    .insertInto("sign_in_throttles")
    .values({ subject, attempts: 1, first_attempt_at: now })
    .onConflict((conflict) =>
      conflict.column("subject").doUpdateSet({
        attempts: sql`case when ${expired} then 1 else sign_in_throttles.attempts + 1 end`,
        first_attempt_at: sql`case when ${expired} then ${now} else sign_in_throttles.first_attempt_at end`,
      }),
    )
    .returning(["attempts", "first_attempt_at"])
    .executeTakeFirstOrThrow();
  return row.attempts > limit.attemptsMax ? row.first_attempt_at + limit.windowMs - now : null;
}

/**
 * Deletes up to `rowsMax` counts whose window has ended and returns how many. The widest window applies to all, since
 * narrower ones have ended by then. A new attempt can begin a new window meanwhile, so the delete repeats the
 * condition.
 */
export async function deleteExpiredThrottles(
  trx: DatabaseTransaction,
  now: number,
  rowsMax: number,
): Promise<number> {
  const before = now - Math.max(...Object.values(LIMITS).map(({ windowMs }) => windowMs));
  const isExpired = sql`first_attempt_at <= ${before}
    and (subject not like ${`${KNOWN_PREFIX}%`} or first_attempt_at <= ${now - KNOWN_MS})`;
  const { numAffectedRows } = await sql`
    delete from sign_in_throttles where ${isExpired} and subject in (
      select subject from sign_in_throttles where ${isExpired} limit ${rowsMax})`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/**
 * Resets the attempts of an account that has now signed in from this address, and remembers the address. The counts of
 * the address with other accounts, and of the account from other addresses, are only reduced by this attempt.
 */
export async function resetAttempts(
  db: Database,
  secret: string,
  attempt: Attempt,
  now: number,
): Promise<void> {
  for (const { subject, limit } of subjects(secret, attempt)) {
    if (limit === LIMITS.pair) {
      await db.deleteFrom("sign_in_throttles").where("subject", "=", subject).execute();
    } else {
      await db
        .updateTable("sign_in_throttles")
        .set({ attempts: sql`attempts - 1` })
        .where("subject", "=", subject)
        .where("attempts", ">", 0)
        .execute();
    }
  }
  await db
    .insertInto("sign_in_throttles")
    .values({ subject: knownSubject(secret, attempt), attempts: 0, first_attempt_at: now })
    .onConflict((conflict) => conflict.column("subject").doUpdateSet({ first_attempt_at: now }))
    .execute();
}

async function isKnown(db: Database, secret: string, attempt: Attempt, now: number): Promise<boolean> {
  const row = await db
    .selectFrom("sign_in_throttles")
    .select("subject")
    .where("subject", "=", knownSubject(secret, attempt))
    .where("first_attempt_at", ">", now - KNOWN_MS)
    .executeTakeFirst();
  return row !== undefined;
}

function throttled(what: string, waitMs: number): OpenSendError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new OpenSendError("sign_in_throttled", `${what} Try again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
  });
}

/**
 * Stores emails and addresses only as keyed digests. The address comes first: once it is refused nothing more is
 * written, so that no one can fill the table with invented emails.
 */
function subjects(secret: string, attempt: Attempt) {
  const { account, from, pair } = digests(secret, attempt);
  return [
    { subject: `address:${from}`, limit: LIMITS.address },
    { subject: `pair:${pair}`, limit: LIMITS.pair },
    { subject: `account:${account}`, limit: LIMITS.account },
  ];
}

/** Prefix of rows that record an address an account has signed in from, and when it last did. */
const KNOWN_PREFIX = "known:";

function knownSubject(secret: string, attempt: Attempt): string {
  return `${KNOWN_PREFIX}${digests(secret, attempt).pair}`;
}

function digests(secret: string, { email, address }: Attempt) {
  const digest = (text: string) => createHmac("sha256", secret).update(text).digest("base64url");
  const account = email.trim().toLowerCase();
  const from = addressSubject(address ?? "");
  return { account: digest(account), from: digest(from), pair: digest(`${account}\n${from}`) };
}
