import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Delivery } from "../../api/types.ts";
import { buttonStyle } from "../../ui/button-style.ts";
import { Notice } from "../../ui/notice.tsx";
import { useNow } from "../../ui/use-now.ts";
import { systemQuery } from "../queries.ts";
import { isDelivering } from "./system-words.ts";

const TICK_MS = 1_000;
/** How long a delivery can be overdue before it is worth asking why. */
const OVERDUE_TOLERANCE_MS = 10_000;
/** Rarely, because the backlog of a paused connection remains overdue as long as the pause lasts. */
const REFRESH_MS = 15_000;

type WorkerNoticeProps = { deliveries: readonly Pick<Delivery, "status" | "next_attempt_at">[] };

/** Says that no worker is running when a delivery is overdue. Polls only then. */
export function WorkerNotice({ deliveries }: WorkerNoticeProps) {
  const nowMs = useNow(TICK_MS);
  const isOverdue = deliveries.some(
    ({ status, next_attempt_at: next }) =>
      status === "pending" && next !== null && nowMs - Date.parse(next) > OVERDUE_TOLERANCE_MS,
  );
  const system = useQuery({ ...systemQuery, enabled: isOverdue, refetchInterval: REFRESH_MS }).data;
  if (!isOverdue || system === undefined || isDelivering(system) !== false) return null;
  return (
    <NoWorkerNotice
      action={
        <Link to="/settings/system" className={buttonStyle("secondary")}>
          Open System
        </Link>
      }
    />
  );
}

export function NoWorkerNotice({ action }: { action?: ReactNode }) {
  return (
    <Notice
      tone="err"
      live
      title="Not a receiver problem: the delivery worker is not running."
      action={action}
    >
      No worker has sent a heartbeat for a minute. Events are still accepted and stored. Run{" "}
      <code className="font-mono">opensend start</code> or <code className="font-mono">opensend worker</code>{" "}
      to send pending deliveries.
    </Notice>
  );
}
