import { History } from "lucide-react";
import type { DeliveryFilter } from "../deliveries/delivery-filter.ts";
import { usePageDialog } from "../navigation/use-page-dialog.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { lazyPart } from "../ui/lazy-part.tsx";

const ReplayDialog = lazyPart("The replay", async () => (await import("./replay-dialog.tsx")).ReplayDialog);

const SEARCHED =
  "A search text cannot be replayed as a whole. Select deliveries in the list, then retry them.";

/** Opens the replay dialog for the deliveries that the page shows. */
export function ReplayButton({ filter }: { filter: DeliveryFilter }) {
  const readOnlyReason = useReadOnlyReason() ?? (filter.q === undefined ? null : SEARCHED);
  const { isOpen, open, close } = usePageDialog("replay");
  return (
    <>
      <Button variant="primary" opens={ReplayDialog} disabledReason={readOnlyReason} onClick={open}>
        <History aria-hidden className="size-4" />
        Replay…
      </Button>
      {isOpen && readOnlyReason === null && <ReplayDialog filter={filter} onClose={close} />}
    </>
  );
}
