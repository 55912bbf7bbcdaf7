import type { Logger } from "pino";
import type { Options } from "../config/options.ts";
import type { Keyring } from "../crypto/keyring.ts";
import type { Store } from "../db/open.ts";
import type { MailQueue } from "../mail/mail-queue.ts";
import { queueMails } from "../mail/outbox.ts";
import { Postman, type PostmanDeps } from "../mail/postman.ts";
import { SmtpServer } from "../mail/smtp.ts";

export type MailInput = {
  readonly options: Pick<Options, "smtp" | "mailFrom">;
  readonly store: Store;
  readonly keyring: Keyring;
  readonly logger: Logger;
  readonly publicUrl: string;
  readonly now: () => number;
  readonly recordOutcome: PostmanDeps["recordOutcome"];
};

/** The parts that queue mails and send them. */
export type MailService = {
  /** Null when no mail server is configured; then nothing is queued either. */
  readonly smtp: SmtpServer | null;
  readonly queue: MailQueue | null;
  readonly postman: Postman;
  /** Origin that people use in the browser, for links in mails. */
  readonly publicUrl: string;
};

export function composeMailService(input: MailInput): MailService {
  const { options, store, keyring, logger, publicUrl, now, recordOutcome } = input;
  const { smtp: settings, mailFrom } = options;
  const smtp = settings === null || mailFrom === null ? null : new SmtpServer(settings, mailFrom);
  const postman = new Postman({
    store,
    keyring,
    smtp,
    now,
    recordOutcome,
    onFailure: ({ code, message }) => logger.warn({ code, reason: message }, "mail not sent"),
  });
  const queue: MailQueue = { publicUrl, add: (trx, mails, at) => queueMails(trx, keyring, mails, at) };
  return { smtp, queue: smtp === null ? null : queue, postman, publicUrl };
}
