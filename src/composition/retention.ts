import { deleteOldNotices } from "../alerts/notice-outcome.ts";
import {
  deleteExpiredInvitations,
  deleteExpiredPasswordResets,
  deleteExpiredSessions,
} from "../auth/delete-expired.ts";
import { deleteExpiredThrottles } from "../auth/sign-in-throttle.ts";
import type { Store } from "../db/open.ts";
import type { RetentionDays } from "../domain/retention-days.ts";
import { forgetIdempotencyKeys } from "../idempotency/stored-responses.ts";
import { forgetInspected } from "../inspector/requests.ts";
import { deleteExpiredMails } from "../mail/outbox.ts";
import { listChores } from "../retention/list-chores.ts";
import { Retention } from "../retention/retention.ts";
import type { Runtime } from "./runtime.ts";

/** Composes the deletion of expired data. */
export function composeRetention({ logger, now }: Runtime, store: Store, limits: RetentionDays): Retention {
  const chores = {
    store,
    limits,
    forgetInspected,
    expiring: [
      ["idempotency keys", forgetIdempotencyKeys],
      ["sign-in throttles", deleteExpiredThrottles],
      ["sessions", deleteExpiredSessions],
      ["invitations", deleteExpiredInvitations],
      ["password resets", deleteExpiredPasswordResets],
      ["mails", deleteExpiredMails],
      ["alert notices", deleteOldNotices],
    ],
  } as const;
  return new Retention({
    store,
    listChores: (at) => listChores(chores, at),
    now,
    onRun: (deleted) => logger.info({ deleted }, "retention"),
    onError: (error) => logger.error({ err: error }, "retention failed"),
  });
}
