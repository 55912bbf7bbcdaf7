import { problemFrom } from "../../api/problem.ts";
import type { Connection } from "../../api/types.ts";
import { DocsLink } from "../../docs/docs-link.tsx";
import { LiveTimeline, stageWords } from "../../exchange/live-timeline.tsx";
import { Timeline } from "../../exchange/timeline.tsx";
import { Card } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PanelBoundary } from "../../ui/panel-boundary.tsx";
import { Status } from "../../ui/status.tsx";
import { useNow } from "../../ui/use-now.ts";
import { useTestAttempt } from "../test-attempt.ts";
import { type TestRun, useTestRun } from "../test-run.ts";
import { Exchange } from "./exchange.tsx";
import { NextSteps } from "./next-steps.tsx";
import { outcomeSentence, TestOutcome } from "./test-outcome.tsx";

/** The test event: request, response, duration and explanation. */
export function TestPanel({ connection }: { connection: Connection }) {
  const run = useTestRun(connection.id);
  return (
    <section aria-labelledby="test-event" className="flex flex-col gap-4">
      <h2 id="test-event" className="text-card font-semibold">
        Test event
      </h2>
      <PanelBoundary what="The test result" resetKey={run?.state}>
        <TestRunView connection={connection} run={run} />
      </PanelBoundary>
    </section>
  );
}

type RunProps = { connection: Connection; run: TestRun | null };

function TestRunView({ connection, run }: RunProps) {
  return (
    <>
      <p role="status" className="sr-only">
        {announcementOf(run)}
      </p>
      <RunState connection={connection} run={run} />
    </>
  );
}

function RunState({ connection, run }: RunProps) {
  if (run === null) return <NotTested connection={connection} />;
  if (run.state === "sending") return <Sending connection={connection} startedAtMs={run.startedAtMs} />;
  if (run.state === "refused") {
    return (
      <Notice tone="err" title="The test was not sent">
        {problemFrom(run.error).message}
      </Notice>
    );
  }
  const { delivery } = run;
  return (
    <>
      <Card aria-label="Outcome" className="flex flex-col gap-5 p-5">
        <TestOutcome connection={connection} delivery={delivery} />
        <Timeline
          timings={delivery.timings}
          progress={{ stage: null, hasResponse: delivery.response !== null }}
        />
      </Card>
      <Exchange delivery={delivery} />
      {delivery.ok && <NextSteps connection={connection} />}
    </>
  );
}

function NotTested({ connection }: { connection: Connection }) {
  return (
    <Card className="flex flex-wrap items-center gap-3 p-5 text-muted">
      {connection.last_event_at === null && <Status name="not_tested" />}
      <p className="min-w-0 flex-1 basis-64">
        {connection.last_event_at === null ? "Not tested yet. " : ""}
        Send a test event to see the exact request and the receiver's response side by side.{" "}
        <DocsLink topic="test events" />
      </p>
    </Card>
  );
}

/** The current stage of the test; until the stream reports one, only the time since the start. */
function Sending({ connection, startedAtMs }: { connection: Connection; startedAtMs: number }) {
  const { report, stream } = useTestAttempt(connection.id);
  const host = connection.config.webhook.endpoint_host;
  return (
    <Card aria-label="Under way" className="flex flex-col gap-4 p-5">
      <div className="flex flex-wrap items-center gap-3">
        <Status name="sending" />
        <p className="text-muted">
          {report === null ? <ElapsedTime host={host} startedAtMs={startedAtMs} /> : `Request to ${host}`}
        </p>
      </div>
      <p role="status" className="sr-only">
        {report !== null && stageWords(report)}
      </p>
      <p role="status" className="text-table text-warn empty:hidden">
        {stream === "reconnecting" && "Reconnecting …"}
      </p>
      {report !== null && <LiveTimeline report={report} />}
    </Card>
  );
}

const TICK_MS = 200;

function ElapsedTime({ host, startedAtMs }: { host: string | null; startedAtMs: number }) {
  const seconds = Math.max(0, Math.floor((useNow(TICK_MS) - startedAtMs) / 1000));
  return (
    <>
      Waiting for {host} to respond
      <span role="timer">{seconds > 0 ? `, ${seconds} s so far` : ""}</span>.
    </>
  );
}

function announcementOf(run: TestRun | null): string {
  if (run === null) return "";
  if (run.state === "sending") return "Sending the test event.";
  if (run.state === "refused") return `The test was not sent. ${problemFrom(run.error).message}`;
  return outcomeSentence(run.delivery);
}
