import type { DatabaseTransaction } from "../db/open.ts";
import type { QueuedMail } from "./outbox.ts";

/** Takes mails in the transaction that makes them true; null in its place where no mail server is configured. */
export type MailQueue = {
  /** Origin people use in the browser: links in mails begin with it. */
  readonly publicUrl: string;
  /** Returns how many found room. */
  readonly add: (trx: DatabaseTransaction, mails: readonly QueuedMail[], now: number) => Promise<number>;
};
