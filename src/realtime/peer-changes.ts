import type { Bus } from "../db/notify.ts";
import type { ChangeKind, NoteChange } from "../domain/note-change.ts";
import { isAttemptKey } from "./attempt-interest.ts";
import { keyOf } from "./change-log.ts";

/** How often a process says which workspaces it watches, and how long the others remember. */
export const ANNOUNCE_EVERY_MS = 10_000;
export const REMEMBERED_MS = 25_000;
/** So long after it began to listen a process does not know yet what others watch, and tells everything. */
const LEARNING_MS = 2000;
const GATHERED_MS = 100;
/** More than a stream shows at once need not be named. */
const NAMED_MAX = 200;
const IDS_A_MESSAGE_MAX = 100;
const WORKSPACES_MAX = 10_000;
/** Asks the others to say again what they watch. */
export const ASK = "?";
const LOST = "lost";
const KINDS: ReadonlySet<string> = new Set<ChangeKind>([
  "delivery",
  "event",
  "connection",
  "replay",
  "inspector_request",
]);

type PeerChangesDeps = {
  readonly bus: Pick<Bus, "publish" | "subscribe">;
  /** Workspaces that this process watches. */
  readonly watched: () => readonly string[];
  /** Told of changes that other processes made. */
  readonly onChange: NoteChange;
  /** Changes of a workspace, or of all of them, may have been missed. */
  readonly onGap: (workspaceId: string | null) => void;
};

export type PeerChanges = {
  readonly start: () => void;
  readonly announce: (workspaceIds: readonly string[]) => void;
  /** Tells the others what this process changed, if they watch the workspace. */
  readonly note: NoteChange;
  /** The same of more than can be named. */
  readonly noteMany: (workspaceId: string) => void;
  readonly stop: () => void;
};

/** Tells other processes of changes in the workspaces they watch, and hears of theirs. */
export function createPeerChanges({ bus, watched, onChange, onGap }: PeerChangesDeps): PeerChanges {
  /** Workspaces that others watch, and until when that is remembered. */
  const interest = new Map<string, number>();
  let learningUntil = 0;
  const gathered = new Map<string, Map<string, [ChangeKind, string]>>();
  let timer: NodeJS.Timeout | null = null;

  const ask = () => {
    learningUntil = performance.now() + LEARNING_MS;
    bus.publish("interest", [ASK]);
  };

  const announce = (workspaceIds: readonly string[]) => bus.publish("interest", workspaceIds);

  const isOfInterest = (workspaceId: string): boolean => {
    if (interest.size === 0 && learningUntil === 0) return false;
    const now = performance.now();
    if (now < learningUntil) return true;
    learningUntil = 0;
    const until = interest.get(workspaceId);
    if (until === undefined) return false;
    if (until < now) interest.delete(workspaceId);
    return until >= now;
  };

  const publish = () => {
    timer = null;
    for (const [workspaceId, objects] of gathered)
      bus.publish("changes", writeMessages(workspaceId, objects));
    gathered.clear();
  };

  bus.subscribe(
    "interest",
    (messages) => {
      const until = performance.now() + REMEMBERED_MS;
      for (const message of messages) {
        if (message === ASK) announce(watched());
        // Not a workspace: what live-attempts.ts tells on the same channel.
        else if (isAttemptKey(message)) continue;
        else if (interest.size < WORKSPACES_MAX || interest.has(message)) interest.set(message, until);
      }
    },
    ask,
  );
  bus.subscribe(
    "changes",
    (messages) => {
      for (const message of messages) {
        const [workspaceId = "", kind = "", ids = ""] = message.split(" ");
        if (kind === LOST) onGap(workspaceId);
        else if (KINDS.has(kind)) onChange(workspaceId, kind as ChangeKind, ids.split(","));
      }
    },
    () => onGap(null),
  );

  return {
    start: ask,
    announce,
    note: (workspaceId, kind, ids) => {
      if (!isOfInterest(workspaceId)) return;
      const objects = gathered.get(workspaceId) ?? new Map<string, [ChangeKind, string]>();
      gathered.set(workspaceId, objects);
      for (const id of ids) {
        if (objects.size > NAMED_MAX) break;
        objects.set(keyOf(kind, id), [kind, id]);
      }
      timer ??= setTimeout(publish, GATHERED_MS);
    },
    noteMany: (workspaceId) => {
      if (isOfInterest(workspaceId)) bus.publish("changes", [`${workspaceId} ${LOST}`]);
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      publish();
    },
  };
}

/** `<workspace> <kind> <id>,<id>…`, or `<workspace> lost` when too much has changed to name it. */
function writeMessages(workspaceId: string, objects: ReadonlyMap<string, [ChangeKind, string]>): string[] {
  if (objects.size > NAMED_MAX) return [`${workspaceId} ${LOST}`];
  const byKind = Map.groupBy(objects.values(), ([kind]) => kind);
  return [...byKind].flatMap(([kind, named]) => {
    const messages: string[] = [];
    for (let from = 0; from < named.length; from += IDS_A_MESSAGE_MAX) {
      const ids = named.slice(from, from + IDS_A_MESSAGE_MAX).map(([, id]) => id);
      messages.push(`${workspaceId} ${kind} ${ids.join(",")}`);
    }
    return messages;
  });
}
