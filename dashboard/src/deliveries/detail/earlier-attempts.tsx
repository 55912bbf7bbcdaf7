import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { DeliveryDetail } from "../../api/types.ts";
import { counted } from "../../text/count.ts";
import { Button } from "../../ui/button.tsx";
import { LoadMore } from "../../ui/load-more.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PanelBoundary } from "../../ui/panel-boundary.tsx";
import { earlierAttemptsQuery } from "../queries.ts";
import { AttemptView } from "./attempt-view.tsx";

/** The attempts that are not part of the delivery's response: a replayed delivery can have hundreds. */
export function EarlierAttempts({ delivery }: { delivery: DeliveryDetail }) {
  const { attempts, attempts_total: total = attempts.length } = delivery;
  const [isShown, setIsShown] = useState(false);
  const query = useInfiniteQuery({ ...earlierAttemptsQuery(delivery.id), enabled: isShown });
  const missing = total - attempts.length;
  if (missing <= 0) return null;
  const oldestShown = attempts[0]?.number ?? Number.POSITIVE_INFINITY;
  const earlier = (query.data?.pages ?? [])
    .flatMap((page) => page.data)
    .filter(({ number }) => number < oldestShown);
  if (!isShown || query.isPending) {
    return (
      <Button className="self-start" busy={isShown} onClick={() => setIsShown(true)}>
        Show {counted(missing, "earlier attempt", "earlier attempts")}
      </Button>
    );
  }
  return (
    <>
      <ul aria-label="Earlier attempts" className="flex flex-col gap-2">
        {earlier.map((attempt) => (
          <li key={attempt.number} tabIndex={-1}>
            <PanelBoundary what={`Attempt ${attempt.number}`}>
              <AttemptView attempt={attempt} startsOpen={false} isExplained />
            </PanelBoundary>
          </li>
        ))}
      </ul>
      {query.error && !query.data ? (
        <LoadProblem what="Earlier attempts" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <LoadMore list={query} words="Show more attempts" what="Earlier attempts" />
      )}
    </>
  );
}
