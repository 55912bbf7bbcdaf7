import { createFileRoute, Link } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { Problem } from "../../api/problem.ts";
import { EventActions } from "../../events/event-actions.tsx";
import { EventView } from "../../events/event-view.tsx";
import { eventQuery } from "../../events/queries.ts";
import { useEvent } from "../../events/use-event.ts";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { Breadcrumb } from "../../ui/breadcrumb.tsx";
import { buttonStyle } from "../../ui/button-style.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

export const Route = createFileRoute("/_shell/events/$id")({
  loader: ({ context, params }) => waitBriefly(context.queryClient.prefetchQuery(eventQuery(params.id))),
  component: EventPage,
});

function EventPage() {
  const { id } = Route.useParams();
  const event = useEvent(id);
  return (
    <>
      <Breadcrumb trail={[{ name: "Events", link: { to: "/events" } }]} />
      <PageHeader
        title={event.data?.type ?? "Event"}
        actions={event.data && <EventActions event={event.data} />}
      />
      {event.data ? (
        <EventView event={event.data} />
      ) : event.error instanceof Problem && ["not_found", "invalid_id"].includes(event.error.code) ? (
        <EmptyState
          icon={SearchX}
          title="Event not found"
          action={
            <Link to="/events" className={buttonStyle("primary")}>
              See all events
            </Link>
          }
        >
          This event does not exist or has expired.
        </EmptyState>
      ) : event.error ? (
        <LoadProblem what="The event" error={event.error} onRetry={() => void event.refetch()} />
      ) : (
        <Skeleton className="h-64" />
      )}
    </>
  );
}
