import { useRef } from "react";
import { Button } from "../ui/button.tsx";
import type { Preloads } from "../ui/later.tsx";

type SaveRowProps = {
  isDirty: boolean;
  isSubmitting: boolean;
  /** Why the person may not save anything, or null when they may. */
  readOnlyReason: string | null;
  onDiscard: () => void;
  /** What saving may open. */
  opens?: Preloads;
};

/** The end of a form that changes something that is there already. */
export function SaveRow({ isDirty, isSubmitting, readOnlyReason, onDiscard, opens }: SaveRowProps) {
  const save = useRef<HTMLButtonElement>(null);
  const discard = () => {
    save.current?.focus(); // the button goes away
    onDiscard();
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button
        ref={save}
        type="submit"
        variant="primary"
        {...(opens && { opens })}
        busy={isSubmitting}
        disabledReason={readOnlyReason ?? (isDirty ? null : "No changes to save.")}
      >
        Save changes
      </Button>
      {isDirty && (
        <Button variant="quiet" onClick={discard}>
          Discard
        </Button>
      )}
    </div>
  );
}
