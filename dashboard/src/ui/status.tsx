import {
  Ban,
  Check,
  CircleAlert,
  CircleDashed,
  CirclePause,
  CircleSlash,
  Clock,
  Hourglass,
  KeyRound,
  LoaderCircle,
  type LucideIcon,
  Moon,
  Plug,
  RotateCw,
  ShieldAlert,
  ShieldCheck,
  ShieldX,
  Unplug,
  X,
} from "lucide-react";
import { classNames } from "./class-names.ts";

type Tone = "ok" | "warn" | "err" | "run" | "idle";

const TONES: Record<Tone, { look: string; dot: string }> = {
  ok: { look: "bg-ok-bg text-ok", dot: "text-ok-dot" },
  warn: { look: "bg-warn-bg text-warn", dot: "text-warn-dot" },
  err: { look: "bg-err-bg text-err", dot: "text-err-dot" },
  run: { look: "bg-run-bg text-run", dot: "text-run-dot" },
  idle: { look: "bg-idle-bg text-idle", dot: "text-idle-dot" },
};

type Look = { tone: Tone; icon: LucideIcon; word: string };

const STATUSES = {
  delivered: { tone: "ok", icon: Check, word: "Delivered" },
  sending: { tone: "run", icon: LoaderCircle, word: "Sending" },
  queued: { tone: "idle", icon: Clock, word: "Queued" },
  held: { tone: "warn", icon: Hourglass, word: "Held" },
  retrying: { tone: "warn", icon: RotateCw, word: "Retrying" },
  cancelled: { tone: "idle", icon: CircleSlash, word: "Cancelled" },
  failed: { tone: "err", icon: X, word: "Failed" },
  blocked: { tone: "err", icon: Ban, word: "Blocked" },
  paused: { tone: "idle", icon: CirclePause, word: "Paused" },
  failing: { tone: "err", icon: X, word: "Failing" },
  // The normal state of most connections, so a color would carry no information.
  ok: { tone: "idle", icon: Check, word: "OK" },
  idle: { tone: "idle", icon: Moon, word: "Idle" },
  not_tested: { tone: "idle", icon: CircleDashed, word: "Not tested" },
  connected: { tone: "ok", icon: Plug, word: "Connected" },
  disconnected: { tone: "idle", icon: Unplug, word: "Disconnected" },
  installed: { tone: "ok", icon: Check, word: "Installed" },
  uninstalled: { tone: "idle", icon: CircleDashed, word: "Uninstalled" },
  open: { tone: "err", icon: CircleAlert, word: "Open" },
  muted: { tone: "idle", icon: CircleSlash, word: "Muted" },
  resolved: { tone: "ok", icon: Check, word: "Resolved" },
  healthy: { tone: "ok", icon: Check, word: "Healthy" },
  unhealthy: { tone: "err", icon: X, word: "Unhealthy" },
  active: { tone: "ok", icon: KeyRound, word: "Active" },
  revoked: { tone: "idle", icon: Ban, word: "Revoked" },
  expired: { tone: "idle", icon: Ban, word: "Expired" },
  running: { tone: "run", icon: LoaderCircle, word: "Running" },
  waiting_for_receiver: { tone: "warn", icon: Hourglass, word: "Waiting for receiver" },
  stopped: { tone: "err", icon: Ban, word: "Stopped" },
  signature_holds: { tone: "ok", icon: ShieldCheck, word: "Signature valid" },
  signature_fails: { tone: "err", icon: ShieldX, word: "Signature invalid" },
  not_signed: { tone: "warn", icon: ShieldAlert, word: "Not signed" },
  completed: { tone: "ok", icon: Check, word: "Completed" },
  this_session: { tone: "ok", icon: Check, word: "This one" },
  working: { tone: "ok", icon: Check, word: "Working" },
  not_working: { tone: "err", icon: X, word: "Not working" },
  silent: { tone: "err", icon: X, word: "Silent" },
  reachable: { tone: "ok", icon: Check, word: "Reachable" },
  unreachable: { tone: "err", icon: X, word: "Not reachable" },
  key_set: { tone: "ok", icon: KeyRound, word: "Set" },
  key_for_development: { tone: "warn", icon: KeyRound, word: "For development" },
} as const satisfies Record<string, Look>;

export type StatusName = keyof typeof STATUSES;

type StatusProps = {
  name: StatusName;
  /** A more specific text than the default: "Replay queued". */
  words?: string;
  /** Follows the words, and is not announced each time it changes: "in 4 min". */
  countdown?: string;
};

const SPINNING: ReadonlySet<StatusName> = new Set(["sending", "running"]);

/** A state as icon, word and color; never as only one of them. */
export function Status({ name, words, countdown }: StatusProps) {
  const { tone, icon: Icon, word } = STATUSES[name];
  return (
    <span
      className={classNames(
        "inline-flex h-6 items-center gap-1 rounded-badge px-2 text-badge font-medium whitespace-nowrap",
        TONES[tone].look,
      )}
    >
      <Icon
        aria-hidden
        strokeWidth={2.5}
        className={classNames("size-3.5", TONES[tone].dot, SPINNING.has(name) && "animate-spin")}
      />
      <span>
        {words ?? word}
        {countdown !== undefined && <span aria-live="off"> {countdown}</span>}
      </span>
    </span>
  );
}
