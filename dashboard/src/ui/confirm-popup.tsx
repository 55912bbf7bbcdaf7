import { AlertDialog as Radix } from "radix-ui";
import { useState } from "react";
import { problemFrom } from "../api/problem.ts";
import { restoreFocus } from "../navigation/focus-heading.ts";
import { Button } from "./button.tsx";
import { buttonStyle } from "./button-style.ts";
import type { ConfirmDialogProps } from "./confirm-dialog.tsx";
import { Notice } from "./notice.tsx";
import { POPUP, SCRIM } from "./popup-style.ts";

/** The question itself. Focus starts on the way back. */
export function ConfirmPopup(props: ConfirmDialogProps) {
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
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
  const change = (open: boolean) => {
    setFailure(null);
    props.onOpenChange(open);
  };
  return (
    <Radix.Root open={props.open} onOpenChange={change}>
      <Radix.Portal>
        <Radix.Overlay className={SCRIM} />
        <Radix.Content className={POPUP} onCloseAutoFocus={restoreFocus}>
          <Radix.Title className="text-card font-semibold">{props.title}</Radix.Title>
          <Radix.Description className="mt-1 text-muted">{props.children}</Radix.Description>
          {failure && (
            <Notice tone="err" className="mt-4" live>
              {failure}
            </Notice>
          )}
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Radix.Cancel className={buttonStyle("secondary")}>{props.keepLabel}</Radix.Cancel>
            <Button variant="danger" busy={isBusy} onClick={() => void confirm()}>
              {props.confirmLabel}
            </Button>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
