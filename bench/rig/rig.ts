import type { CeilingCalls } from "../ceiling.ts";
import type { LoadCalls } from "../load.ts";
import type { Receipts, ReceiverCalls } from "../receiver.ts";
import type { BenchOptions } from "./options.ts";
import { type SideProcess, startSideProcess } from "./side-process.ts";
import type { Subject } from "./subject.ts";

/** The processes that every item uses in addition to the program. */
export type Rig = {
  readonly options: BenchOptions;
  readonly receiver: SideProcess<ReceiverCalls>;
  readonly receiverUrl: string;
  readonly load: SideProcess<LoadCalls>;
  readonly ceiling: SideProcess<CeilingCalls>;
  /** Reports progress; standard output is reserved for the tables. */
  readonly say: (text: string) => void;
  readonly stop: () => Promise<void>;
};

export async function startRig(options: BenchOptions): Promise<Rig> {
  const receiver = startSideProcess<ReceiverCalls>("receiver.ts");
  const load = startSideProcess<LoadCalls>("load.ts");
  const ceiling = startSideProcess<CeilingCalls>("ceiling.ts");
  return {
    options,
    receiver,
    receiverUrl: await receiver.call("url", null),
    load,
    ceiling,
    say: (text) => console.error(text),
    stop: async () => {
      await Promise.all([receiver.stop(), load.stop(), ceiling.stop()]);
    },
  };
}

/** Far longer than any pause of a working program. */
const QUIET_MS_MAX = 15_000;

/** @throws if fewer receipts arrive and no more follow. */
export async function awaitReceipts(
  { receiver }: Pick<Rig, "receiver">,
  subject: Pick<Subject, "output">,
  count: number,
): Promise<Receipts> {
  const receipts = await receiver.call("wait", { count, quietMsMax: QUIET_MS_MAX });
  if (receipts.count >= count) return receipts;
  throw new Error(`${receipts.count} of ${count} deliveries came. The program printed:\n${subject.output()}`);
}
