/** How long the server keeps things, as it is set by default. */
const STATUS_KEPT_DAYS = 90;
const PAYLOAD_KEPT_DAYS = 30;

/** Stands below lists of what is kept for a time only. */
export function KeptNote() {
  return (
    <p className="mt-4 text-table text-muted">
      Kept for {STATUS_KEPT_DAYS} days, payloads for {PAYLOAD_KEPT_DAYS}.
    </p>
  );
}

/** Stands where a payload was. */
export function PayloadDeleted() {
  return (
    <p className="rounded-control bg-sunken p-3 text-table text-muted">
      Payload deleted after {PAYLOAD_KEPT_DAYS} days. Status is kept.
    </p>
  );
}
