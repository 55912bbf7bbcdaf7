import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useState } from "react";
import { useReturnFocus } from "../navigation/use-return-focus.ts";
import { POPUP, POPUP_AT_TOP, SCRIM } from "./popup-style.ts";
import { DialogLock } from "./use-dialog-lock.ts";

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description: ReactNode;
  /**
   * False while closing would lose something: there is no close button, and neither Esc nor a click outside closes the
   * dialog.
   */
  canDismiss?: boolean;
  /** False when the opener restores the focus itself. */
  returnsFocus?: boolean;
  /** Whether the height changes while someone types. Then the dialog is fixed to the top, so that it does not move. */
  changesHeight?: boolean;
  children: ReactNode;
};

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  canDismiss: mayLeave = true,
  returnsFocus = true,
  changesHeight = false,
  children,
}: DialogProps) {
  const returnFocus = useReturnFocus();
  const [isLocked, setIsLocked] = useState(false);
  const canDismiss = mayLeave && !isLocked;
  const keepOpen = (event: Event) => {
    if (!canDismiss) event.preventDefault();
  };
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={SCRIM} />
        <Radix.Content
          className={changesHeight ? POPUP_AT_TOP : POPUP}
          onEscapeKeyDown={keepOpen}
          onInteractOutside={keepOpen}
          {...(returnsFocus && returnFocus)}
        >
          <Radix.Title className="pr-10 text-card font-semibold">{title}</Radix.Title>
          <Radix.Description className="mt-1 text-muted">{description}</Radix.Description>
          <DialogLock value={setIsLocked}>{children}</DialogLock>
          {canDismiss && (
            <Radix.Close
              aria-label="Close"
              className="absolute top-2 right-2 flex size-11 items-center justify-center rounded-control text-muted hover:bg-sunken hover:text-fg md:top-4 md:right-4 md:size-9"
            >
              <X aria-hidden className="size-4" />
            </Radix.Close>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
