import { later } from "../ui/later.tsx";

export const ReplaceKeyDialog = later(
  "The form",
  async () => (await import("./replace-key-dialog.tsx")).ReplaceKeyDialog,
);
