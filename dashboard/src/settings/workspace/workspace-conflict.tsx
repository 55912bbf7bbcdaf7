import { useQuery } from "@tanstack/react-query";
import { ConflictNotice } from "../../forms/conflict-notice.tsx";
import { lastWorkspaceChangeQuery } from "../queries.ts";

/** Says who has changed the workspace in the meantime. */
export function WorkspaceConflict({ onReload }: { onReload: () => void }) {
  return <ConflictNotice change={useQuery(lastWorkspaceChangeQuery).data} onReload={onReload} />;
}
