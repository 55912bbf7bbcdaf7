import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { statisticsQuery } from "../../charts/statistics-query.ts";
import { catalogQuery } from "../../connections/queries.ts";
import { RANGES } from "../../filters/time-range.ts";
import { topIssuesQuery } from "../../issues/queries.ts";
import { focusHeading } from "../../navigation/focus-heading.ts";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { Attention } from "../../overview/attention.tsx";
import { Checklist } from "../../overview/checklist.tsx";
import { firstSteps } from "../../overview/first-steps.ts";
import { OpenIssues } from "../../overview/open-issues.tsx";
import { RANGE_DEFAULT, readOverviewSearch } from "../../overview/range.ts";
import { Traffic } from "../../overview/traffic.tsx";
import { useHiddenSteps } from "../../overview/use-hidden-steps.ts";
import { prefetchOnboarding, useOnboarding } from "../../overview/use-onboarding.ts";
import { ChoiceLinks } from "../../ui/choice-links.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { PanelBoundary } from "../../ui/panel-boundary.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

export const Route = createFileRoute("/_shell/")({
  validateSearch: readOverviewSearch,
  loader: ({ context: { queryClient }, location }) => {
    const { range = RANGE_DEFAULT } = readOverviewSearch({ ...location.search });
    return waitBriefly(
      Promise.all([
        prefetchOnboarding(queryClient),
        queryClient.prefetchQuery(topIssuesQuery),
        queryClient.prefetchQuery(statisticsQuery({ range })),
      ]),
    );
  },
  component: OverviewPage,
});

function OverviewPage() {
  const { range = RANGE_DEFAULT } = Route.useSearch();
  const catalog = useQuery(catalogQuery);
  const hasConnections = catalog.data?.some(({ connection }) => connection !== null);
  return (
    <>
      <PageHeader title="Overview" actions={hasConnections && <RangeChoice />} />
      {hasConnections === undefined ? (
        catalog.error ? (
          <LoadProblem what="The overview" error={catalog.error} onRetry={() => void catalog.refetch()} />
        ) : (
          <Skeleton className="h-96" />
        )
      ) : (
        <div className="flex flex-col gap-8">
          <FirstSteps isOnTop />
          {hasConnections && (
            <>
              <PanelBoundary what="Issues">
                <OpenIssues />
              </PanelBoundary>
              <PanelBoundary what="Traffic" resetKey={range}>
                <Traffic range={range} />
              </PanelBoundary>
              <PanelBoundary what="Connections">
                <Attention />
              </PanelBoundary>
              <FirstSteps isOnTop={false} />
            </>
          )}
        </div>
      )}
    </>
  );
}

function RangeChoice() {
  return (
    <ChoiceLinks
      label="Time range"
      choices={RANGES.map(({ name }) => ({
        name: SHORT[name],
        link: { to: "/", search: { range: name === RANGE_DEFAULT ? undefined : name } },
      }))}
    />
  );
}

const SHORT = { "1h": "1 h", "24h": "24 h", "7d": "7 d", "30d": "30 d" } as const;

/** The setup steps that remain. They come first until there are events, and last from then on. */
function FirstSteps({ isOnTop }: { isOnTop: boolean }) {
  const onboarding = useOnboarding();
  const { isHidden, hide } = useHiddenSteps();
  if (onboarding === null || isHidden || onboarding.hasEvents === isOnTop) return null;
  if (firstSteps(onboarding).every(({ isDone }) => isDone)) return null;
  return (
    <PanelBoundary what="Get started">
      <Checklist
        onboarding={onboarding}
        onHide={() => {
          focusHeading();
          hide();
        }}
      />
    </PanelBoundary>
  );
}
