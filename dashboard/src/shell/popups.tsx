import { useEffect } from "react";
import { useShortcuts } from "../shortcuts/use-shortcuts.ts";
import { later } from "../ui/later.tsx";
import { giveFocusBack, usePopup } from "./popup.ts";

const Palette = later("The search", async () => (await import("../palette/palette.tsx")).Palette);
const HelpDialog = later(
  "The list of shortcuts",
  async () => (await import("../shortcuts/help-dialog.tsx")).HelpDialog,
);

/** What keys open over any page. */
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
    </>
  );
}
