import { useQuery } from "@tanstack/react-query";
import type { Connection } from "../../api/types.ts";
import { ConflictNotice } from "../../forms/conflict-notice.tsx";
import { lastChangeQuery } from "./last-change.ts";

type ConnectionConflictProps = { connection: Connection; onReload: () => void };

/** Says who has changed the connection in the meantime. */
export function ConnectionConflict({ connection, onReload }: ConnectionConflictProps) {
  return <ConflictNotice change={useQuery(lastChangeQuery(connection.id)).data} onReload={onReload} />;
}
