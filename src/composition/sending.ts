import type { Bus } from "../db/notify.ts";
import type { Worker } from "../dispatch/worker.ts";
import type { FindsSending } from "../history/change-delivery.ts";
import { SendingElsewhere } from "../realtime/sending-elsewhere.ts";

/** A reply takes a few milliseconds. */
const REPLIES_WAIT_MAX_MS = 150;

/** Finds out which deliveries are being sent, by this process and by the others. */
export function composeSending(
  bus: Bus,
  worker: Pick<Worker, "isSending" | "others">,
  now: () => number,
): FindsSending {
  const isSendingHere = (deliveryId: string) => worker.isSending(deliveryId);
  const others = () => worker.others;
  const elsewhere = new SendingElsewhere({ bus, isSendingHere, others, now, waitMaxMs: REPLIES_WAIT_MAX_MS });
  return { here: isSendingHere, elsewhere: (deliveries) => elsewhere.find(deliveries) };
}
