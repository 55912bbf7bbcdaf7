import { useQuery } from "@tanstack/react-query";
import { Building2, ChevronsUpDown, LogOut, Plus } from "lucide-react";
import { useRef } from "react";
import { changeSession } from "../api/client.ts";
import { problemFrom } from "../api/problem.ts";
import { useLeaving } from "../navigation/use-leaving.ts";
import { enterWorkspace, notifyOtherTabs } from "../session/other-tabs.ts";
import { useSession } from "../session/session-query.ts";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "../ui/menu.tsx";
import { toast } from "../ui/toast.tsx";
import { workspacesQuery } from "../workspaces/queries.ts";
import { showPopup } from "./popup.ts";

/** Shows the current workspace, and switches to the person's others. */
export function WorkspaceMenu() {
  const { workspace } = useSession();
  const trigger = useRef<HTMLButtonElement>(null);
  return (
    <Menu
      trigger={
        <button
          ref={trigger}
          type="button"
          className="mb-2 flex min-h-11 w-full items-center gap-2 rounded-control px-2 py-1 text-left hover:bg-sunken md:min-h-9"
        >
          <Building2 aria-hidden className="size-4 shrink-0 text-muted" />
          <span className="min-w-0 flex-1 truncate font-medium">{workspace.name}</span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted" />
          <span className="sr-only">Workspace menu</span>
        </button>
      }
    >
      <WorkspaceChoice />
      <MenuSeparator />
      <MenuItem onSelect={() => showPopup("new workspace", trigger.current)}>
        <Plus aria-hidden className="size-4 text-muted" />
        New workspace
      </MenuItem>
      <MenuItem onSelect={() => showPopup("leave workspace", trigger.current)}>
        <LogOut aria-hidden className="size-4 text-muted" />
        Leave workspace…
      </MenuItem>
    </Menu>
  );
}

/** Rendered when the menu opens, so that the other workspaces are loaded only then. */
function WorkspaceChoice() {
  const { workspace: current } = useSession();
  const { data: workspaces = [current] } = useQuery(workspacesQuery);
  const switchTo = useSwitch();
  const icon = <Building2 aria-hidden className="size-4 shrink-0 text-muted" />;
  return (
    <MenuChoice
      label="Workspaces"
      value={current.id}
      onChange={(id) => id !== current.id && void switchTo(id)}
      options={workspaces.map(({ id, name }) => ({ value: id, label: name, icon }))}
    />
  );
}

function useSwitch(): (id: string) => Promise<void> {
  const leaveFor = useLeaving();
  return async (id) => {
    if (!(await leaveFor("/"))) return;
    try {
      await changeSession((api) => api.POST("/api/workspaces/{id}/switch", { params: { path: { id } } }));
    } catch (thrown) {
      return toast(`You are still in the same workspace. ${problemFrom(thrown).message}`);
    }
    notifyOtherTabs(id);
    enterWorkspace();
  };
}
