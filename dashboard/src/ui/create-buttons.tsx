import { Button } from "./button.tsx";
import { useDialogLock } from "./use-dialog-lock.ts";

type CreateButtonsProps = { label: string; isCreating: boolean; onCancel: () => void };

/**
 * The buttons of a dialog that creates something shown only once. The dialog cannot be closed while the request runs:
 * the object would exist, but no one would have seen it.
 */
export function CreateButtons({ label, isCreating, onCancel }: CreateButtonsProps) {
  useDialogLock(isCreating);
  return (
    <div className="flex flex-wrap justify-end gap-2">
      <Button
        onClick={onCancel}
        disabledReason={isCreating ? "It is being created and will be shown only once." : null}
      >
        Cancel
      </Button>
      <Button type="submit" variant="primary" busy={isCreating}>
        {label}
      </Button>
    </div>
  );
}
