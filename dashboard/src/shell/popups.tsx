import { useEffect } from "react";
import { useShortcuts } from "../shortcuts/use-shortcuts.ts";
import { later } from "../ui/later.tsx";
import { giveFocusBack, usePopup } from "./popup.ts";

const Palette = later("The search", async () => (await import("../palette/palette.tsx")).Palette);
const HelpDialog = later(
  "The list of shortcuts",
  async () => (await import("../shortcuts/help-dialog.tsx")).HelpDialog,
);

const NewWorkspaceDialog = later(
  "The form",
  async () => (await import("../workspaces/new-workspace-dialog.tsx")).NewWorkspaceDialog,
);
const LeaveWorkspaceDialog = later(
  "The question",
  async () => (await import("../workspaces/leave-workspace-dialog.tsx")).LeaveWorkspaceDialog,
);

/** What keys and the menus of the frame open over any page. */
export function Popups() {
  useShortcuts();
  const popup = usePopup();
  useEffect(() => {
    if (popup === null) giveFocusBack();
  }, [popup]);
  return (
    <>
      {popup === "palette" && <Palette />}
      {popup === "help" && <HelpDialog />}
      {popup === "new workspace" && <NewWorkspaceDialog />}
      {popup === "leave workspace" && <LeaveWorkspaceDialog />}
    </>
  );
}
