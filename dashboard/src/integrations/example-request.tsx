import { DocsLink } from "../docs/docs-link.tsx";
import { CodePanel } from "../ui/code-panel.tsx";

const TEST_EVENT = `{
  "type": "integration.test",
  "created_at": "2026-06-06T00:00:00.000Z",
  "data": {
    "provider": "webhook",
    "connection_id": "uuid",
    "connection_name": "Zapier catch hook"
  }
}`;

const SIGNED_HEADERS = [
  { name: "x-opensend-timestamp", value: "Unix timestamp" },
  { name: "x-opensend-signature", value: "HMAC-SHA256 over <timestamp>.<raw-json-body>" },
];

/** An example of a request, shown beside the connect form. */
export function ExampleRequest() {
  return (
    <aside
      aria-labelledby="example-request"
      className="flex flex-col gap-4 rounded-card border border-line p-5"
    >
      <div>
        <h2 id="example-request" className="text-card font-semibold">
          Example request
        </h2>
        <p className="mt-1 text-muted">The test event is a POST with this JSON body:</p>
      </div>
      <CodePanel title="Body" text={TEST_EVENT} />
      <div>
        <h3 className="text-table font-medium text-muted">With a signing secret, also these headers</h3>
        <dl className="mt-2 flex flex-col gap-2">
          {SIGNED_HEADERS.map(({ name, value }) => (
            <div key={name}>
              <dt className="font-mono text-badge font-medium">{name}</dt>
              <dd className="text-table text-muted">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      <p className="text-table text-muted">
        Every field and its limits: <DocsLink topic="connection settings" />
      </p>
    </aside>
  );
}
