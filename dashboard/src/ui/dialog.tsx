import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useState } from "react";
import { useFocusBack } from "../navigation/use-focus-back.ts";
import { POPUP, POPUP_AT_TOP, SCRIM } from "./popup-style.ts";
import { HoldDialog } from "./use-hold-dialog.ts";

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description: ReactNode;
  /** False while leaving would lose something: no cross, and neither Esc nor a click outside closes it. */
  canDismiss?: boolean;
  /** False where anyone who opened it sees to it. */
  givesFocusBack?: boolean;
  /** Whether its height changes while one types in it: then it hangs from the top instead of moving about. */
  changesHeight?: boolean;
  children: ReactNode;
};

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  canDismiss: mayLeave = true,
  givesFocusBack = true,
  changesHeight = false,
  children,
}: DialogProps) {
  const focusBack = useFocusBack();
  const [isHeld, setIsHeld] = useState(false);
  const canDismiss = mayLeave && !isHeld;
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
          {...(givesFocusBack && focusBack)}
        >
          <Radix.Title className="pr-10 text-card font-semibold">{title}</Radix.Title>
          <Radix.Description className="mt-1 text-muted">{description}</Radix.Description>
          <HoldDialog value={setIsHeld}>{children}</HoldDialog>
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
