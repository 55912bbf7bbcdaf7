import { useSession } from "../session/session-query.ts";
import { inDays } from "../text/days.ts";

/** Says below a list how long its entries are kept. */
export function RetentionNote() {
  const { payload_days: payloads, status_days: statuses } = useSession().retention;
  const kept = statuses === 0 ? "Kept for good" : `Kept for ${inDays(statuses)}`;
  const keptPayloads = payloads === 0 ? "" : `, payloads for ${inDays(payloads)}`;
  return (
    <p className="mt-4 text-table text-muted">
      {kept}
      {keptPayloads}.
    </p>
  );
}

/** Shown in place of a deleted payload. */
export function PayloadDeleted() {
  const { payload_days: payloads } = useSession().retention;
  const after = payloads === 0 ? "" : ` after ${inDays(payloads)}`;
  return (
    <p className="rounded-control bg-sunken p-3 text-table text-muted">
      Payload deleted{after}. Status is kept.
    </p>
  );
}
