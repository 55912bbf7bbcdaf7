import type { Bus } from "../db/notify.ts";
import type { ChangeKind, PublishChange } from "../domain/publish-change.ts";
import { isAttemptKey } from "./attempt-interest.ts";
import { keyOf } from "./change-log.ts";

/** How often a process announces the workspaces that it watches, and how long the others remember them. */
export const ANNOUNCE_EVERY_MS = 10_000;
export const REMEMBERED_MS = 25_000;
/** For this long after asking, a process does not know yet what others watch, and publishes everything. */
const LEARNING_MS = 2000;
const GATHERED_MS = 100;
/** A stream shows no more changes than this individually, so more need not be listed. */
const NAMED_MAX = 200;
const IDS_PER_MESSAGE_MAX = 100;
const WORKSPACES_MAX = 10_000;
/** Asks the others to announce again what they watch. */
export const ASK = "?";
const LOST = "lost";
const KINDS: ReadonlySet<string> = new Set<ChangeKind>([
  "delivery",
  "event",
  "connection",
  "replay",
  "inspector_request",
]);

type ClusterChangesDeps = {
  readonly bus: Pick<Bus, "publish" | "subscribe">;
  /** Workspaces that this process watches. */
  readonly watched: () => readonly string[];
  /** Called with changes from other processes. */
  readonly onChange: PublishChange;
  /** Called when changes of a workspace, or of all if null, may have been missed. */
  readonly onGap: (workspaceId: string | null) => void;
};

type Objects = Map<string, readonly [ChangeKind, string]>;

/** Publishes changes to other processes that watch their workspace, and receives theirs. */
export class ClusterChanges {
  readonly #deps: ClusterChangesDeps;
  /** Workspaces that others watch, and until when that is remembered. */
  readonly #interest = new Map<string, number>();
  #learningUntil = 0;
  /** Changes that are not published yet, by workspace. */
  readonly #gathered = new Map<string, Objects>();
  #timer: NodeJS.Timeout | null = null;

  constructor(deps: ClusterChangesDeps) {
    this.#deps = deps;
    deps.bus.subscribe(
      "interest",
      (messages) => this.#addInterest(messages),
      () => this.#requestAnnouncements(),
    );
    deps.bus.subscribe(
      "changes",
      (messages) => this.#receive(messages),
      () => deps.onGap(null),
    );
  }

  start(): void {
    this.#requestAnnouncements();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#flush();
  }

  announce(workspaceIds: readonly string[]): void {
    this.#deps.bus.publish("interest", workspaceIds);
  }

  /** Publishes changes of this process to the others, if they watch the workspace. */
  publish(workspaceId: string, kind: ChangeKind, ids: readonly string[]): void {
    if (!this.#isOfInterest(workspaceId)) return;
    const objects: Objects = this.#gathered.get(workspaceId) ?? new Map();
    this.#gathered.set(workspaceId, objects);
    for (const id of ids) {
      if (objects.size > NAMED_MAX) break;
      objects.set(keyOf(kind, id), [kind, id]);
    }
    this.#timer ??= setTimeout(() => this.#flush(), GATHERED_MS);
  }

  /** The same for more changes than can be listed. */
  publishMany(workspaceId: string): void {
    if (this.#isOfInterest(workspaceId)) this.#deps.bus.publish("changes", [`${workspaceId} ${LOST}`]);
  }

  #requestAnnouncements(): void {
    this.#learningUntil = performance.now() + LEARNING_MS;
    this.#deps.bus.publish("interest", [ASK]);
  }

  #isOfInterest(workspaceId: string): boolean {
    if (this.#interest.size === 0 && this.#learningUntil === 0) return false;
    const now = performance.now();
    if (now < this.#learningUntil) return true;
    this.#learningUntil = 0;
    const until = this.#interest.get(workspaceId);
    if (until === undefined) return false;
    if (until < now) this.#interest.delete(workspaceId);
    return until >= now;
  }

  #addInterest(messages: readonly string[]): void {
    const until = performance.now() + REMEMBERED_MS;
    for (const message of messages) {
      if (message === ASK) this.announce(this.#deps.watched());
      // Not a workspace, but a message of live-attempts.ts on the same channel.
      else if (isAttemptKey(message)) continue;
      else if (this.#interest.size < WORKSPACES_MAX || this.#interest.has(message)) {
        this.#interest.set(message, until);
      }
    }
  }

  #receive(messages: readonly string[]): void {
    const { onChange, onGap } = this.#deps;
    for (const message of messages) {
      const [workspaceId = "", kind = "", ids = ""] = message.split(" ");
      if (kind === LOST) onGap(workspaceId);
      else if (KINDS.has(kind)) onChange(workspaceId, kind as ChangeKind, ids.split(","));
    }
  }

  #flush(): void {
    this.#timer = null;
    for (const [workspaceId, objects] of this.#gathered) {
      this.#deps.bus.publish("changes", writeMessages(workspaceId, objects));
    }
    this.#gathered.clear();
  }
}

/** `<workspace> <kind> <id>,<id>…`, or `<workspace> lost` when too much has changed to list it. */
function writeMessages(workspaceId: string, objects: Objects): string[] {
  if (objects.size > NAMED_MAX) return [`${workspaceId} ${LOST}`];
  const byKind = Map.groupBy(objects.values(), ([kind]) => kind);
  return [...byKind].flatMap(([kind, named]) => {
    const messages: string[] = [];
    for (let from = 0; from < named.length; from += IDS_PER_MESSAGE_MAX) {
      const ids = named.slice(from, from + IDS_PER_MESSAGE_MAX).map(([, id]) => id);
      messages.push(`${workspaceId} ${kind} ${ids.join(",")}`);
    }
    return messages;
  });
}
