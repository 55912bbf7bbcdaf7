import { useEffect } from "react";
import { useShortcuts } from "../shortcuts/use-shortcuts.ts";
import { lazyPart } from "../ui/lazy-part.tsx";
import { closePopup, returnFocus, usePopup } from "./popup.ts";

/** Without `onDismiss`, the error of a popup that cannot be loaded would be hidden below every page from then on. */
const DISMISSIBLE = { onDismiss: () => closePopup() };

const Palette = lazyPart(
  "The search",
  async () => (await import("../palette/palette.tsx")).Palette,
  DISMISSIBLE,
);
const HelpDialog = lazyPart(
  "The list of shortcuts",
  async () => (await import("../shortcuts/help-dialog.tsx")).HelpDialog,
  DISMISSIBLE,
);

const NewWorkspaceDialog = lazyPart(
  "The form",
  async () => (await import("../workspaces/new-workspace-dialog.tsx")).NewWorkspaceDialog,
  DISMISSIBLE,
);
const LeaveWorkspaceDialog = lazyPart(
  "The question",
  async () => (await import("../workspaces/leave-workspace-dialog.tsx")).LeaveWorkspaceDialog,
  DISMISSIBLE,
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
