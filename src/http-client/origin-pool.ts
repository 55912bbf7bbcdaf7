import { Dial, type DialContext } from "./dial.ts";
import { Lane } from "./lane.ts";
import { SendError } from "./send-error.ts";
import type { UrlTarget } from "./url-policy.ts";

/** The connections to one origin: as many as there are requests at once, kept alive in between. */
export class OriginPool {
  readonly #origin: URL;
  readonly #target: UrlTarget;
  readonly #context: DialContext;
  readonly #onEmpty: (pool: OriginPool) => void;
  readonly #lanes = new Set<Lane>();
  /** Taken from the end, so that what is not needed grows idle and closes. */
  readonly #idle: Lane[] = [];
  #isRetired = false;

  constructor(origin: URL, target: UrlTarget, context: DialContext, onEmpty: (pool: OriginPool) => void) {
    this.#origin = origin;
    this.#target = target;
    this.#context = context;
    this.#onEmpty = onEmpty;
  }

  take(): Lane {
    return this.#idle.pop() ?? this.open();
  }

  /** A lane that has no connection yet. */
  open(): Lane {
    const lane = new Lane(
      (asker, callback) => new Dial(this.#context, this.#origin, this.#target, asker, callback),
      (closed) => this.#dropIdle(closed),
    );
    this.#lanes.add(lane);
    return lane;
  }

  /** Takes back a lane whose request is over and whose connection may serve another. */
  release(lane: Lane): void {
    if (this.#isRetired || !lane.isConnected) this.drop(lane);
    else if (this.#lanes.has(lane)) this.#idle.push(lane);
  }

  /** Closes a lane, whatever it is doing. */
  drop(lane: Lane): void {
    if (!this.#lanes.delete(lane)) return;
    lane.destroy();
    if (this.#lanes.size === 0) this.#onEmpty(this);
  }

  /** Closes what is idle now, and the rest as it becomes free. */
  retire(): void {
    this.#isRetired = true;
    for (const lane of this.#idle.splice(0)) this.drop(lane);
  }

  /** Closes everything now; requests under way fail as interrupted. */
  close(): void {
    this.#isRetired = true;
    this.#idle.length = 0;
    for (const lane of this.#lanes) lane.destroy(new SendError("interrupted"));
  }

  #dropIdle(lane: Lane): void {
    const index = this.#idle.indexOf(lane);
    if (index === -1) return;
    this.#idle.splice(index, 1);
    this.drop(lane);
  }
}
