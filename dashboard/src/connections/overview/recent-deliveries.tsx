import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { DeliveryList } from "../../deliveries/delivery-list.tsx";
import { recentDeliveriesQuery } from "../../deliveries/queries.ts";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

/** The connection's newest deliveries, with a link to all of them. */
export function RecentDeliveries({ connectionId }: { connectionId: string }) {
  const recent = useQuery(recentDeliveriesQuery(connectionId));
  return (
    <section aria-labelledby="recent" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h2 id="recent" className="text-card font-semibold">
          Recent deliveries
        </h2>
        <Link
          to="/deliveries"
          search={{ connection: connectionId }}
          className="flex min-h-11 items-center font-medium text-accent hover:underline md:min-h-0"
        >
          All deliveries of this connection
        </Link>
      </div>
      {recent.data ? (
        recent.data.length === 0 ? (
          <p className="text-muted">Nothing has been sent to this connection yet.</p>
        ) : (
          <DeliveryList deliveries={recent.data} label="Recent deliveries" omit="connection" />
        )
      ) : recent.error ? (
        <LoadProblem what="Recent deliveries" error={recent.error} onRetry={() => void recent.refetch()} />
      ) : (
        <Skeleton className="h-40" />
      )}
    </section>
  );
}
