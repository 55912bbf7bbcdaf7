import { History } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { DeliveryFilter } from "../deliveries/delivery-filter.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";

const ReplayDialog = lazy(async () => ({ default: (await import("./replay-dialog.tsx")).ReplayDialog }));

/** Opens the replay of what the page shows. */
export function ReplayButton({ filter }: { filter: DeliveryFilter }) {
  const readOnlyReason = useReadOnlyReason();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button variant="primary" disabledReason={readOnlyReason} onClick={() => setIsOpen(true)}>
        <History aria-hidden className="size-4" />
        Replay…
      </Button>
      {isOpen && (
        <Suspense>
          <ReplayDialog filter={filter} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
