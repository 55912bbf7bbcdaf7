import { Button } from "./button.tsx";
import { useHoldDialog } from "./use-hold-dialog.ts";

type MakeRowProps = { label: string; isMaking: boolean; onCancel: () => void };

/**
 * The end of a dialog's form that makes what is shown once. No one gets out while it is being made: it would be there,
 * and no one would have it.
 */
export function MakeRow({ label, isMaking, onCancel }: MakeRowProps) {
  useHoldDialog(isMaking);
  return (
    <div className="flex flex-wrap justify-end gap-2">
      <Button
        onClick={onCancel}
        disabledReason={isMaking ? "It is being created and will be shown only once." : null}
      >
        Cancel
      </Button>
      <Button type="submit" variant="primary" busy={isMaking}>
        {label}
      </Button>
    </div>
  );
}
