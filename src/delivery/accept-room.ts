import { OpenSendError } from "../core/errors.ts";

/** What may wait for a commit: more would be memory without a promise behind it. */
const WAITING_BYTES_MAX = 64 * 1024 * 1024;
/** A workspace may have this part of what the others leave, so that there is room for one more, however many fill it. */
const PART_OF_FREE = 3 / 4;
const OVERLOADED_RETRY_S = 1;

/** Bounds what waits to be stored, with a fair share for each workspace. */
export class AcceptRoom {
  readonly #byWorkspace = new Map<string, number>();
  #bytes = 0;

  /** @throws {OpenSendError} `overloaded`. */
  take(workspaceId: string, bytes: number): void {
    const own = this.#byWorkspace.get(workspaceId) ?? 0;
    const others = this.#bytes - own;
    if (own + bytes > (WAITING_BYTES_MAX - others) * PART_OF_FREE) {
      throw new OpenSendError(
        "overloaded",
        "More events of this workspace are waiting to be stored than is safe to hold. Try again.",
        { retryAfterSeconds: OVERLOADED_RETRY_S },
      );
    }
    this.#byWorkspace.set(workspaceId, own + bytes);
    this.#bytes += bytes;
  }

  giveBack(workspaceId: string, bytes: number): void {
    const own = (this.#byWorkspace.get(workspaceId) ?? 0) - bytes;
    this.#bytes -= bytes;
    if (own > 0) this.#byWorkspace.set(workspaceId, own);
    else this.#byWorkspace.delete(workspaceId);
  }
}
