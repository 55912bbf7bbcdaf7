import { problemFrom } from "../api/problem.ts";
import type { Connection } from "../api/types.ts";
import { outcomeSentence, TestOutcome } from "../connections/overview/test-outcome.tsx";
import { type TestRun, useTestRun } from "../connections/test-run.ts";
import { Card } from "../ui/card.tsx";
import { Notice } from "../ui/notice.tsx";
import { Status } from "../ui/status.tsx";

/** The sender's side of the latest test: how OpenSend judges the response. */
export function TestCard({ connection }: { connection: Connection }) {
  const run = useTestRun(connection.id);
  return (
    <>
      <p role="status" className="sr-only">
        {announcementOf(run)}
      </p>
      {run !== null && (
        <Card aria-label="Test result" className="p-5">
          <h2 className="mb-3 text-table font-medium text-muted">Test result</h2>
          {run.state === "sending" && <Status name="sending" />}
          {run.state === "done" && <TestOutcome connection={connection} delivery={run.delivery} />}
          {run.state === "refused" && (
            <Notice tone="err" title="The test was not sent">
              {problemFrom(run.error).message}
            </Notice>
          )}
        </Card>
      )}
    </>
  );
}

function announcementOf(run: TestRun | null): string {
  if (run === null) return "";
  if (run.state === "sending") return "Sending the test event.";
  if (run.state === "refused") return `The test was not sent. ${problemFrom(run.error).message}`;
  return outcomeSentence(run.delivery);
}
