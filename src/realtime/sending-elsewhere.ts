import { newId } from "../db/new-id.ts";
import type { Bus } from "../db/notify.ts";
import type { DeliveryStatus } from "../domain/delivery.ts";

/** The fields that decide whether a delivery may be in flight. */
export type Sought = {
  readonly id: string;
  readonly status: DeliveryStatus;
  readonly nextAttemptAt: number | null;
};

export type SendingElsewhereDeps = {
  readonly bus: Pick<Bus, "isListening" | "publish" | "subscribe">;
  readonly isSendingHere: (deliveryId: string) => boolean;
  /** The number of other processes that deliver. */
  readonly others: () => number;
  readonly now: () => number;
  /** Longest wait for a reply, so that a process that hangs does not block a reader. */
  readonly waitMaxMs: number;
};

/** Keeps a message shorter than 8,000 bytes. */
const IDS_PER_MESSAGE_MAX = 100;
/** The largest expected difference between the clocks of two machines. */
const CLOCKS_MS = 5000;

type Question = { readonly found: Set<string>; left: number; readonly end: () => void };

const NONE: ReadonlySet<string> = new Set();

/**
 * Asks the other processes which deliveries they are sending: `? <question> <id>,…`; each replies with `= <question>
 * <id>,…`. If a message is lost, a delivery in flight looks as if it waits.
 */
export class SendingElsewhere {
  readonly #deps: SendingElsewhereDeps;
  readonly #questions = new Map<string, Question>();

  constructor(deps: SendingElsewhereDeps) {
    this.#deps = deps;
    deps.bus.subscribe(
      "sending",
      (messages) => this.#receive(messages),
      () => undefined,
    );
  }

  async find(deliveries: readonly Sought[]): Promise<ReadonlySet<string>> {
    const { bus, isSendingHere, others, now, waitMaxMs } = this.#deps;
    const dueBy = now() + CLOCKS_MS;
    const ids = deliveries
      .filter(({ status, nextAttemptAt }) => status === "pending" && (nextAttemptAt ?? 0) <= dueBy)
      .map(({ id }) => id)
      .filter((id) => !isSendingHere(id));
    const asked = bus.isListening === true ? others() : 0;
    if (ids.length === 0 || asked === 0) return NONE;
    const questionId = newId();
    const messages: string[] = [];
    for (let from = 0; from < ids.length; from += IDS_PER_MESSAGE_MAX) {
      messages.push(`? ${questionId} ${ids.slice(from, from + IDS_PER_MESSAGE_MAX).join(",")}`);
    }
    const found = new Set<string>();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMaxMs);
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#questions.set(questionId, { found, left: asked * messages.length, end });
      bus.publish("sending", messages);
    });
    this.#questions.delete(questionId);
    return found;
  }

  #receive(messages: readonly string[]): void {
    const { bus, isSendingHere } = this.#deps;
    for (const message of messages) {
      const [kind, questionId = "", list = ""] = message.split(" ");
      const ids = list.split(",").filter((id) => id !== "");
      // An id of its own makes each reply unique: equal messages that wait may be merged.
      if (kind === "?")
        bus.publish("sending", [`= ${questionId} ${ids.filter(isSendingHere).join(",")} ${newId()}`]);
      else this.#add(questionId, ids);
    }
  }

  #add(questionId: string, ids: readonly string[]): void {
    const question = this.#questions.get(questionId);
    if (question === undefined) return;
    for (const id of ids) question.found.add(id);
    question.left -= 1;
    if (question.left <= 0) question.end();
  }
}
