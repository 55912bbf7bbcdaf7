import type { AttemptReport } from "../../exchange/attempt-report.ts";
import { LiveTimeline, stageWords } from "../../exchange/live-timeline.tsx";
import { PanelBoundary } from "../../ui/panel-boundary.tsx";

/** An attempt in progress, in the place where its record will appear. */
export function LiveAttemptView({ report }: { report: AttemptReport }) {
  return (
    <section aria-labelledby="under-way" className="rounded-card border border-line">
      <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 text-table">
        <h4 id="under-way" className="font-medium">
          Attempt {report.attempt.number}
        </h4>
        <span className="text-muted">in progress</span>
      </div>
      <p role="status" className="sr-only">
        {stageWords(report)}
      </p>
      <div className="p-3">
        <PanelBoundary what="Where it is">
          <LiveTimeline report={report} />
        </PanelBoundary>
      </div>
    </section>
  );
}
