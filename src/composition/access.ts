import type { Logger } from "pino";
import { foldAudit } from "../audit/fold-audit.ts";
import { recordAudit } from "../audit/record-audit.ts";
import type { ApiKeyDeps } from "../auth/api-keys.ts";
import { KeyLookup } from "../auth/key-lookup.ts";
import { createPeople } from "../auth/people.ts";
import type { SessionDeps } from "../auth/sessions.ts";
import type { Store } from "../db/open.ts";
import type { MailQueue } from "../mail/mail-queue.ts";

export type AccessInput = {
  readonly store: Pick<Store, "db" | "dialect">;
  readonly logger: Logger;
  readonly sessionSecret: string;
  readonly publicUrl: string;
  readonly mailQueue: MailQueue | null;
  readonly now: () => number;
};

export type Access = {
  readonly sessions: SessionDeps;
  readonly apiKeys: ApiKeyDeps;
  readonly keyLookup: KeyLookup;
};

/** Composes authentication with sessions and with API keys. */
export function composeAccess({ store, logger, publicUrl, ...input }: AccessInput): Access {
  const { db, dialect } = store;
  const { sessionSecret, mailQueue, now } = input;
  const people = createPeople({
    db,
    dialect,
    sessionSecret,
    publicUrl,
    onError: (message) => logger.error({ reason: message }, "sign-in library reported an error"),
  });
  const keyLookup = new KeyLookup(db, now, (error) => logger.warn({ err: error }, "key use not noted"));
  return {
    sessions: { db, people, sessionSecret, mailQueue, now, recordAudit, foldAudit },
    apiKeys: { db, now, evictKey: (id) => keyLookup.evict(id), recordAudit },
    keyLookup,
  };
}
