import { Gauge, type Registry } from "prom-client";

/** A connection that is not disconnected, with its pending deliveries. */
type Backlog = {
  readonly connectionId: string;
  readonly state: string;
  readonly pending: number;
  /** Epoch milliseconds; null when nothing is pending. */
  readonly oldestAt: number | null;
};

export type ConnectionMetricsDeps = {
  /** The backlog of every connection; can be some seconds old. */
  readonly readBacklogs: () => Promise<readonly Backlog[]>;
  /** Whether each connection has its own series. */
  readonly perConnection: boolean;
  readonly now: () => number;
};

const STATES = ["failing", "held", "paused", "ok", "idle"] as const;
/** With more connections than this, only those with the longest backlogs get their own series. */
const CONNECTIONS_MAX = 5000;

/** Connections and their backlogs by state. */
export function addConnectionMetrics(registry: Registry, deps: ConnectionMetricsDeps): void {
  addByState(registry, deps, "opensend_connections", "Connections in this state.", (own) => own.length);
  addByState(
    registry,
    deps,
    "opensend_backlog_deliveries",
    "Pending deliveries of connections in this state, a second or two behind.",
    (own) => own.reduce((sum, { pending }) => sum + pending, 0),
  );
  addByState(
    registry,
    deps,
    "opensend_backlog_oldest_age_seconds",
    "How long ago the delivery that has waited longest for a connection in this state was accepted; 0 when none waits.",
    (own, now) => Math.max(0, ...own.map(({ oldestAt }) => (oldestAt === null ? 0 : now - oldestAt))) / 1000,
  );
  if (deps.perConnection) addPerConnection(registry, deps);
}

function addByState(
  registry: Registry,
  { readBacklogs, now }: ConnectionMetricsDeps,
  name: string,
  help: string,
  measure: (own: readonly Backlog[], now: number) => number,
): void {
  new Gauge({
    name,
    help,
    labelNames: ["state"],
    registers: [registry],
    async collect() {
      const backlogs = await readBacklogs().catch(() => null);
      const byState = Map.groupBy(backlogs ?? [], ({ state }) => state);
      for (const state of STATES) {
        const value = backlogs === null ? Number.NaN : measure(byState.get(state) ?? [], now());
        this.set({ state }, value);
      }
    },
  });
}

function addPerConnection(registry: Registry, { readBacklogs }: ConnectionMetricsDeps): void {
  const readLargest = async () => {
    const backlogs = await readBacklogs().catch(() => []);
    return backlogs.toSorted((a, b) => b.pending - a.pending).slice(0, CONNECTIONS_MAX);
  };
  new Gauge({
    name: "opensend_connection_state",
    help: "Always 1; the labels have the connection and its state.",
    labelNames: ["connection_id", "state"],
    registers: [registry],
    async collect() {
      this.reset();
      for (const { connectionId, state } of await readLargest())
        this.set({ connection_id: connectionId, state }, 1);
    },
  });
  new Gauge({
    name: "opensend_connection_backlog_deliveries",
    help: "Pending deliveries of a connection, a second or two behind.",
    labelNames: ["connection_id"],
    registers: [registry],
    async collect() {
      this.reset();
      for (const { connectionId, pending } of await readLargest())
        this.set({ connection_id: connectionId }, pending);
    },
  });
}
