import { type ReactNode, useState } from "react";
import { later } from "./later.tsx";

export type ConfirmDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What is lost and what stays. */
  children: ReactNode;
  confirmLabel: string;
  keepLabel: string;
  /** For what takes nothing away. */
  isHarmless?: boolean;
  /** Runs on confirmation; the dialog stays until it is done and shows why it failed. */
  onConfirm: () => Promise<void> | void;
};

const ConfirmPopup = later("The question", async () => (await import("./confirm-popup.tsx")).ConfirmPopup);

/** Asks before something that cannot be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [wasOpen, setWasOpen] = useState(props.open);
  if (props.open && !wasOpen) setWasOpen(true);
  return wasOpen && <ConfirmPopup {...props} />;
}

ConfirmDialog.preload = ConfirmPopup.preload;
