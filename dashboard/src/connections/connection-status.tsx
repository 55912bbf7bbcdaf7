import type { Connection } from "../api/types.ts";
import { Status } from "../ui/status.tsx";

export function ConnectionStatus({ connection }: { connection: Connection }) {
  return <Status name={connection.status} />;
}

const HEALTH = { unknown: "not_tested", healthy: "healthy", unhealthy: "unhealthy" } as const;

export function ConnectionHealth({ connection }: { connection: Connection }) {
  return <Status name={HEALTH[connection.health]} />;
}
