import { History } from "lucide-react";
import { useState } from "react";
import type { DeliveryFilter } from "../deliveries/delivery-filter.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { later } from "../ui/later.tsx";

const ReplayDialog = later("The replay", async () => (await import("./replay-dialog.tsx")).ReplayDialog);

/** Opens the replay of what the page shows. */
export function ReplayButton({ filter }: { filter: DeliveryFilter }) {
  const readOnlyReason = useReadOnlyReason();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        variant="primary"
        opens={ReplayDialog}
        disabledReason={readOnlyReason}
        onClick={() => setIsOpen(true)}
      >
        <History aria-hidden className="size-4" />
        Replay…
      </Button>
      {isOpen && <ReplayDialog filter={filter} onClose={() => setIsOpen(false)} />}
    </>
  );
}
