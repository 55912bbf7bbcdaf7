import { lazyPart } from "../ui/lazy-part.tsx";

export const ReplaceKeyDialog = lazyPart(
  "The form",
  async () => (await import("./replace-key-dialog.tsx")).ReplaceKeyDialog,
);
