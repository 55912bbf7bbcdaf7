import { Send } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { later } from "../ui/later.tsx";

const SendEventDialog = later(
  "The form",
  async () => (await import("./send-event-dialog.tsx")).SendEventDialog,
);

/** Open to viewers too: the command in the dialog is worth reading. */
export function SendEventButton() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button variant="primary" opens={SendEventDialog} onClick={() => setIsOpen(true)}>
        <Send aria-hidden className="size-4" />
        Send event
      </Button>
      {isOpen && <SendEventDialog onClose={() => setIsOpen(false)} />}
    </>
  );
}
