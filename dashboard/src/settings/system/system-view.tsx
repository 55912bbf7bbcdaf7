import type { ReactNode } from "react";
import type { System } from "../../api/types.ts";
import { DocsLink } from "../../docs/docs-link.tsx";
import { bytes } from "../../text/bytes.ts";
import { count } from "../../text/count.ts";
import { Card } from "../../ui/card.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Status } from "../../ui/status.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { DATABASES, isDelivering, KEY_SOURCES, listeningWords } from "./system-words.ts";
import { WorkerList } from "./worker-list.tsx";

/** The state of each part of the instance. */
export function SystemView({ system }: { system: System }) {
  const { database, queue, workers, encryption_key: key, egress, retention } = system;
  return (
    <div className="flex flex-col gap-4">
      <Part id="delivery" title="Delivery" status={<DeliveryStatus system={system} />}>
        {queue === null ? (
          <p className="text-muted">Unknown while the database is unreachable.</p>
        ) : (
          <Facts
            facts={[
              { name: "Pending deliveries", value: count(queue.pending) },
              {
                name: "Oldest overdue",
                value: queue.oldest_due_at === null ? "None" : <TimeAgo at={queue.oldest_due_at} />,
              },
            ]}
          />
        )}
        {workers !== null && workers.length > 0 && <WorkerList workers={workers} />}
        {workers?.length === 0 && <p className="text-muted">No workers registered.</p>}
      </Part>
      <Part
        id="database"
        title="Database"
        status={<Status name={database.reachable ? "reachable" : "unreachable"} />}
      >
        <Facts
          facts={[
            { name: "Kind", value: DATABASES[database.kind] },
            { name: "Schema", value: database.schema ?? "Unknown" },
            { name: "Size", value: database.size_bytes === null ? "Unknown" : bytes(database.size_bytes) },
            ...(database.listening === null
              ? []
              : [{ name: "Other processes", value: listeningWords(database.listening) }]),
          ]}
        />
        {database.reachable && database.listening === false && (
          <p className="text-table text-muted">
            LISTEN does not work for this process. Set OPENSEND_DATABASE_LISTEN_URL to a URL that reaches
            PostgreSQL without a pooler.
          </p>
        )}
      </Part>
      <Part
        id="key"
        title="Encryption key"
        status={<Status name={key.source === "data_folder" ? "key_for_development" : "key_set"} />}
      >
        <Facts
          facts={[
            { name: "Source", value: <KeySource source={key.source} />, isLong: true },
            { name: "Previous keys", value: key.previous_keys },
          ]}
        />
        {key.source === "data_folder" && (
          <p className="text-table text-muted">
            Back up this key with the database. Set INTEGRATION_SECRET_ENCRYPTION_KEY in production.{" "}
            <DocsLink topic="encryption key" />
          </p>
        )}
      </Part>
      <Part id="outbound" title="Outbound requests">
        <Facts
          facts={[
            { name: "Forward proxy", value: egress.proxy ? "Yes" : "No" },
            { name: "Allowed private ranges", value: egress.allowed_ranges },
            { name: "Receivers on this machine", value: egress.loopback_allowed ? "Allowed" : "Not allowed" },
          ]}
        />
      </Part>
      <Part id="process" title="This process">
        <Facts
          facts={[
            { name: "OpenSend", value: system.version },
            { name: "Node", value: system.node_version },
            { name: "Started", value: <TimeAgo at={system.started_at} /> },
            {
              name: "Last cleanup",
              value:
                retention.last_pass_at === null ? (
                  "Not yet since startup"
                ) : (
                  <TimeAgo at={retention.last_pass_at} />
                ),
            },
          ]}
        />
      </Part>
    </div>
  );
}

function DeliveryStatus({ system }: { system: System }) {
  const delivering = isDelivering(system);
  if (delivering === null) return null;
  return <Status name={delivering ? "working" : "not_working"} />;
}

function KeySource({ source }: { source: System["encryption_key"]["source"] }) {
  if (source === "data_folder") return <span>{KEY_SOURCES[source]}</span>;
  return <span className="font-mono text-table">{KEY_SOURCES[source]}</span>;
}

type PartProps = { id: string; title: string; status?: ReactNode; children: ReactNode };

function Part({ id, title, status, children }: PartProps) {
  return (
    <Card aria-labelledby={id} className="flex flex-col gap-4 p-4 md:p-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id={id} className="text-card font-semibold">
          {title}
        </h2>
        {status}
      </div>
      {children}
    </Card>
  );
}
