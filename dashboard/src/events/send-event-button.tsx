import { Send } from "lucide-react";
import { usePageDialog } from "../navigation/use-page-dialog.ts";
import { Button } from "../ui/button.tsx";
import { lazyPart } from "../ui/lazy-part.tsx";

const SendEventDialog = lazyPart(
  "The form",
  async () => (await import("./send-event-dialog.tsx")).SendEventDialog,
);

/** Also enabled for viewers, because the dialog's command is useful on its own. */
export function SendEventButton() {
  const { isOpen, open, close } = usePageDialog("send-event");
  return (
    <>
      <Button variant="primary" opens={SendEventDialog} onClick={open}>
        <Send aria-hidden className="size-4" />
        Send event
      </Button>
      {isOpen && <SendEventDialog onClose={close} />}
    </>
  );
}
