import { useRef } from "react";
import { Button } from "../ui/button.tsx";
import type { Preloadable } from "../ui/lazy-part.tsx";

type SaveRowProps = {
  isDirty: boolean;
  isSubmitting: boolean;
  /** Why the person cannot save, or null. */
  readOnlyReason: string | null;
  onDiscard: () => void;
  /** Parts that saving can open. */
  opens?: Preloadable;
};

/** The bottom row of a form that edits something existing. */
export function SaveRow({ isDirty, isSubmitting, readOnlyReason, onDiscard, opens }: SaveRowProps) {
  const save = useRef<HTMLButtonElement>(null);
  const discard = () => {
    save.current?.focus(); // the button disappears
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
