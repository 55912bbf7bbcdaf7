import { createHmac } from "node:crypto";
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../db/open.ts";
import { addressSubject } from "../domain/address-subject.ts";
import { OpenSendError } from "../domain/errors.ts";
import { CLOCK_SKEW_MAX_MS } from "../domain/stored-deadline.ts";

const MINUTE_MS = 60_000;

/**
 * Tries allowed in a window. The pair stops a person who guesses, the address one who tries many accounts, and the
 * account one who comes from many addresses; its limit is wide, so that nobody can lock others out with ease.
 */
const LIMITS = {
  pair: { attemptsMax: 5, windowMs: 5 * MINUTE_MS },
  address: { attemptsMax: 30, windowMs: 15 * MINUTE_MS },
  account: { attemptsMax: 50, windowMs: 60 * MINUTE_MS },
} as const;

export type Attempt = { readonly email: string; readonly address: string | null };

/**
 * Counts a try before the password is looked at, so that tries made at once cannot slip past the limit. Kept in the
 * database: it survives a restart and holds for all nodes.
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
    // A window that begins later than now was begun by a clock which has been set back since.
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
    if (row.attempts > limit.attemptsMax) {
      const waitMs = row.first_attempt_at + limit.windowMs - now;
      throw throttled(Math.max(1, Math.ceil(waitMs / 1000)));
    }
  }
}

/**
 * Deletes so many counts whose window is over; returns how many there were. The widest window serves for all: the
 * others' counts were over before. Whoever tries again meanwhile has a new window, hence the guard outside too.
 */
export async function forgetThrottles(
  trx: DatabaseTransaction,
  now: number,
  rowsMax: number,
): Promise<number> {
  const before = now - Math.max(...Object.values(LIMITS).map(({ windowMs }) => windowMs));
  const { numAffectedRows } = await sql`
    delete from sign_in_throttles where first_attempt_at <= ${before} and subject in (
      select subject from sign_in_throttles where first_attempt_at <= ${before} limit ${rowsMax})`.execute(
    trx,
  );
  return Number(numAffectedRows ?? 0);
}

/** Forgets the tries of an account that has now signed in from this address. */
export async function forgetAttempts(db: Database, secret: string, attempt: Attempt): Promise<void> {
  const names = subjects(secret, attempt).map(({ subject }) => subject);
  await db.deleteFrom("sign_in_throttles").where("subject", "in", names).execute();
}

function throttled(seconds: number): OpenSendError {
  return new OpenSendError("sign_in_throttled", `Too many sign-ins failed. Try again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
  });
}

/**
 * Emails and addresses are kept as keyed digests only. The address comes first: once it is refused nothing more is
 * written, so that nobody fills the table with emails they make up.
 */
function subjects(secret: string, { email, address }: Attempt) {
  const digest = (text: string) => createHmac("sha256", secret).update(text).digest("base64url");
  const account = email.trim().toLowerCase();
  const from = addressSubject(address ?? "");
  return [
    { subject: `address:${digest(from)}`, limit: LIMITS.address },
    { subject: `pair:${digest(`${account}\n${from}`)}`, limit: LIMITS.pair },
    { subject: `account:${digest(account)}`, limit: LIMITS.account },
  ];
}
