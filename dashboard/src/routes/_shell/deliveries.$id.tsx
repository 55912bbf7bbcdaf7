import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { Problem } from "../../api/problem.ts";
import { DeliveryPanel } from "../../deliveries/detail/delivery-panel.tsx";
import { DeliveryView } from "../../deliveries/detail/delivery-view.tsx";
import { useDelivery } from "../../deliveries/detail/use-delivery.ts";
import { deliveryQuery } from "../../deliveries/queries.ts";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { Breadcrumb } from "../../ui/breadcrumb.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useIsWide } from "../../ui/use-is-wide.ts";

export const Route = createFileRoute("/_shell/deliveries/$id")({
  loader: ({ context, params }) => waitBriefly(context.queryClient.prefetchQuery(deliveryQuery(params.id))),
  component: DeliveryRoute,
});

function DeliveryRoute() {
  const { id } = Route.useParams();
  return <DeliveryFrame key={id} id={id} />;
}

/** A panel beside the list, or a page in its place. */
function DeliveryFrame({ id }: { id: string }) {
  const navigate = useNavigate();
  const isWide = useIsWide();
  const { query, stream, report } = useDelivery(id);
  const title = query.data?.event_type ?? "Delivery";
  const content = (
    <>
      <p role="status" className="mb-2 text-table text-warn empty:hidden">
        {stream === "reconnecting" && "Reconnecting …"}
      </p>
      <DeliveryContent query={query} report={report} />
    </>
  );
  if (isWide) {
    const close = () => void navigate({ to: "/deliveries", search: true, resetScroll: false });
    return (
      <DeliveryPanel title={title} onClose={close}>
        {content}
      </DeliveryPanel>
    );
  }
  return (
    <>
      <Breadcrumb trail={[{ name: "Deliveries", link: { to: "/deliveries", search: true } }]} />
      <PageHeader title={title} />
      {content}
    </>
  );
}

function DeliveryContent({ query, report }: Pick<ReturnType<typeof useDelivery>, "query" | "report">) {
  if (query.data) return <DeliveryView delivery={query.data} report={report} />;
  if (query.error instanceof Problem && ["not_found", "invalid_id"].includes(query.error.code)) {
    return (
      <EmptyState icon={SearchX} title="No delivery at this address">
        This delivery does not exist or has expired.
      </EmptyState>
    );
  }
  if (query.error) {
    return <LoadProblem what="The delivery" error={query.error} onRetry={() => void query.refetch()} />;
  }
  return <Skeleton className="h-64" />;
}
