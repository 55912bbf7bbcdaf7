import { Card } from "../../ui/card.tsx";

const HEADERS = [
  ["webhook-id", "The event id, the same on every attempt", "always"],
  ["traceparent, tracestate", "W3C Trace Context from the event", "if the event has it"],
  ["x-opensend-timestamp", "Time of this attempt, in Unix seconds", "with a secret"],
  ["x-opensend-signature", "HMAC-SHA256 of <timestamp>.<raw-json-body>, in hexadecimal", "with a secret"],
  ["x-opensend-signature-previous", "The same, with the previous secret", "during a rotation"],
  ["webhook-timestamp", "The same as x-opensend-timestamp", "with a secret"],
  [
    "webhook-signature",
    "Standard Webhooks: v1, and base64; during a rotation one entry per secret",
    "with a secret",
  ],
] as const;

/** The headers of every request to a receiver. */
export function HeaderTable({ customNames }: { customNames: readonly string[] }) {
  const custom = customNames.map((name) => [name, "Custom header of this connection", "always"] as const);
  return (
    <Card aria-labelledby="sent-headers" className="p-5">
      <h2 id="sent-headers" className="text-card font-semibold">
        Headers
      </h2>
      <dl className="mt-3 divide-y divide-line text-table">
        {[...HEADERS, ...custom].map(([name, holds, when]) => (
          <div key={name} className="grid gap-x-6 py-2 md:grid-cols-[16rem_minmax(0,1fr)_9rem]">
            <dt className="font-mono text-badge [overflow-wrap:anywhere]">{name}</dt>
            <dd>{holds}</dd>
            <dd className="text-muted">Sent {when}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
