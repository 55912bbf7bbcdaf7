import { useEffect } from "react";
import { useShortcuts } from "../shortcuts/use-shortcuts.ts";
import { later } from "../ui/later.tsx";
import { closePopup, returnFocus, usePopup } from "./popup.ts";

/** Without `onDismiss`, the error of a popup that cannot be loaded would be hidden below every page from then on. */
const OVER_THE_PAGE = { onDismiss: () => closePopup() };

const Palette = later(
  "The search",
  async () => (await import("../palette/palette.tsx")).Palette,
  OVER_THE_PAGE,
);
const HelpDialog = later(
  "The list of shortcuts",
  async () => (await import("../shortcuts/help-dialog.tsx")).HelpDialog,
  OVER_THE_PAGE,
);

const NewWorkspaceDialog = later(
  "The form",
  async () => (await import("../workspaces/new-workspace-dialog.tsx")).NewWorkspaceDialog,
  OVER_THE_PAGE,
);
const LeaveWorkspaceDialog = later(
  "The question",
  async () => (await import("../workspaces/leave-workspace-dialog.tsx")).LeaveWorkspaceDialog,
  OVER_THE_PAGE,
);

/** Popups that shortcuts and the shell's menus open over any page. */
export function Popups() {
  useShortcuts();
  const popup = usePopup();
  useEffect(() => {
    if (popup === null) returnFocus();
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
