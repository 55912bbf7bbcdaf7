import { useBlocker } from "@tanstack/react-router";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";

/** Asks for confirmation before a page with unsaved changes is left, by navigation or by closing the tab. */
export function LeaveGuard({ name, isDirty }: { name: string; isDirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      open={blocker.status === "blocked"}
      onOpenChange={(open) => !open && blocker.reset?.()}
      title="Leave without saving?"
      confirmLabel="Leave"
      keepLabel="Keep editing"
      onConfirm={() => blocker.proceed?.()}
    >
      Your changes to {name} are lost.
    </ConfirmDialog>
  );
}
