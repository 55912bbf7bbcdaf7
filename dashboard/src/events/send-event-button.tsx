import { Send } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "../ui/button.tsx";

const SendEventDialog = lazy(async () => ({
  default: (await import("./send-event-dialog.tsx")).SendEventDialog,
}));

/** Open to viewers too: the command in the dialog is worth reading. */
export function SendEventButton() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button variant="primary" onClick={() => setIsOpen(true)}>
        <Send aria-hidden className="size-4" />
        Send event
      </Button>
      {isOpen && (
        <Suspense>
          <SendEventDialog onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
