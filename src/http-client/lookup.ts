import type { Expiring } from "./deadlines.ts";
import { SendError } from "./send-error.ts";

/** Who a name is looked up for. */
export type LookupRequester = {
  readonly workspaceId: string;
  /** Whether a person waits for the result. */
  readonly isInteractive: boolean;
};

/** The requester for work that belongs to no workspace, such as `opensend doctor`. */
export const NO_WORKSPACE: LookupRequester = { workspaceId: "", isInteractive: false };

/** One caller's wait for the addresses of a name. */
export class Lookup implements Expiring {
  readonly name: string;
  readonly requester: LookupRequester;
  /** Never settles after `cancel`. */
  readonly addresses: Promise<readonly string[]>;
  /** Whether the name server is being queried; false while waiting for a slot. */
  isStarted = false;
  readonly resolve: (addresses: readonly string[]) => void;
  readonly reject: (error: Error) => void;
  readonly #onCancel: (lookup: Lookup) => void;

  constructor(name: string, requester: LookupRequester, onCancel: (lookup: Lookup) => void) {
    this.name = name;
    this.requester = requester;
    this.#onCancel = onCancel;
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
    this.addresses = promise;
    this.resolve = resolve;
    this.reject = reject;
  }

  /** Gives up; the lookup itself ends when its last caller gives up. */
  cancel(): void {
    this.#onCancel(this);
  }

  /** No slot became free in time. */
  expire(): void {
    this.cancel();
    this.reject(new SendError("dns_busy"));
  }

  /** The failure code if the caller's time ends before the lookup does. */
  get overdueCode(): "dns_timeout" | "dns_busy" {
    return this.isStarted ? "dns_timeout" : "dns_busy";
  }
}
