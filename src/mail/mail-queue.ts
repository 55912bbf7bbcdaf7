import type { DatabaseTransaction } from "../db/open.ts";
import type { QueuedMail } from "./outbox.ts";

/** Queues mails in the transaction of the change they report; null instead if no mail server is configured. */
export type MailQueue = {
  /** The origin people use in the browser, for links in mails. */
  readonly publicUrl: string;
  /** Returns how many mails were queued. */
  readonly add: (trx: DatabaseTransaction, mails: readonly QueuedMail[], now: number) => Promise<number>;
};
