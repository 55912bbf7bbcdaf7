import { type ReactNode, useState } from "react";
import { lazyPart } from "./lazy-part.tsx";

export type ConfirmDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** Says what is lost and what is kept. */
  children: ReactNode;
  confirmLabel: string;
  keepLabel: string;
  /** For an action that deletes nothing. */
  isHarmless?: boolean;
  /** Runs on confirmation. The dialog remains open until it is done, and shows an error. */
  onConfirm: () => Promise<void> | void;
};

const ConfirmPopup = lazyPart("The question", async () => (await import("./confirm-popup.tsx")).ConfirmPopup);

/** Asks for confirmation before an irreversible action. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [wasOpen, setWasOpen] = useState(props.open);
  if (props.open && !wasOpen) setWasOpen(true);
  return wasOpen && <ConfirmPopup {...props} />;
}

ConfirmDialog.preload = ConfirmPopup.preload;
