import { lazy, Suspense, useEffect } from "react";
import { useShortcuts } from "../shortcuts/use-shortcuts.ts";
import { giveFocusBack, usePopup } from "./popup.ts";

const Palette = lazy(async () => ({ default: (await import("../palette/palette.tsx")).Palette }));
const HelpDialog = lazy(async () => ({ default: (await import("../shortcuts/help-dialog.tsx")).HelpDialog }));

const NewWorkspaceDialog = lazy(async () => ({
  default: (await import("../workspaces/new-workspace-dialog.tsx")).NewWorkspaceDialog,
}));
const LeaveWorkspaceDialog = lazy(async () => ({
  default: (await import("../workspaces/leave-workspace-dialog.tsx")).LeaveWorkspaceDialog,
}));

/** What keys and the menus of the frame open over any page. */
export function Popups() {
  useShortcuts();
  const popup = usePopup();
  useEffect(() => {
    if (popup === null) giveFocusBack();
  }, [popup]);
  return (
    <Suspense>
      {popup === "palette" && <Palette />}
      {popup === "help" && <HelpDialog />}
      {popup === "new workspace" && <NewWorkspaceDialog />}
      {popup === "leave workspace" && <LeaveWorkspaceDialog />}
    </Suspense>
  );
}
