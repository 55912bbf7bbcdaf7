import { AlertDialog as Radix } from "radix-ui";
import { useState } from "react";
import { problemFrom } from "../api/problem.ts";
import { useReturnFocus } from "../navigation/use-return-focus.ts";
import { Button } from "./button.tsx";
import type { ConfirmDialogProps } from "./confirm-dialog.tsx";
import { Notice } from "./notice.tsx";
import { POPUP, SCRIM } from "./popup-style.ts";

/** The dialog itself. Focus starts on the button that cancels. */
export function ConfirmPopup(props: ConfirmDialogProps) {
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [wasOpen, setWasOpen] = useState(props.open);
  if (props.open !== wasOpen) {
    setWasOpen(props.open);
    setFailure(null); // an earlier error does not belong to this question
  }
  const confirm = async () => {
    setIsBusy(true);
    setFailure(null);
    try {
      await props.onConfirm();
      props.onOpenChange(false);
    } catch (thrown) {
      setFailure(problemFrom(thrown).message);
    } finally {
      setIsBusy(false);
    }
  };
  // While the action runs, the dialog cannot be closed: that would look like cancelling it.
  const change = (open: boolean) => {
    if (!isBusy) props.onOpenChange(open);
  };
  return (
    <Radix.Root open={props.open} onOpenChange={change}>
      <Radix.Portal>
        <Radix.Overlay className={SCRIM} />
        <Radix.Content className={POPUP} {...useReturnFocus()}>
          <Radix.Title className="text-card font-semibold">{props.title}</Radix.Title>
          <Radix.Description className="mt-1 text-muted">{props.children}</Radix.Description>
          {failure && (
            <Notice tone="err" className="mt-4" live>
              {failure}
            </Notice>
          )}
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Radix.Cancel asChild>
              <Button disabledReason={isBusy ? "It was confirmed and is being done." : null}>
                {props.keepLabel}
              </Button>
            </Radix.Cancel>
            <Button
              variant={props.isHarmless ? "primary" : "danger"}
              busy={isBusy}
              onClick={() => void confirm()}
            >
              {props.confirmLabel}
            </Button>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
