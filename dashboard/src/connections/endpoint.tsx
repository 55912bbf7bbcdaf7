import type { Connection } from "../api/types.ts";

/** The redacted endpoint, never the URL itself. */
export function EndpointPreview({ connection }: { connection: Connection }) {
  const { endpoint_preview: preview } = connection.config.webhook;
  return preview ? (
    <span className="font-mono text-badge md:text-table [overflow-wrap:anywhere]">{preview}</span>
  ) : (
    <NoEndpoint />
  );
}

export function EndpointFingerprint({ connection }: { connection: Connection }) {
  const { endpoint_fingerprint: fingerprint } = connection.config.webhook;
  return fingerprint ? (
    <span
      className="font-mono text-table"
      title="The same URL always has the same fingerprint in this instance."
    >
      {fingerprint}
    </span>
  ) : (
    <NoEndpoint />
  );
}

function NoEndpoint() {
  return <span className="text-muted">None</span>;
}
