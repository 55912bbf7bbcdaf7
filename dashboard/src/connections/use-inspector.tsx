import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { problemFrom } from "../api/problem.ts";
import { connectInspector } from "../inspector/queries.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { startTestRun } from "./test-run.ts";

/** For those who have no receiver yet: one press makes a connection, sends it a test event and shows what came of it. */
export function UseInspector() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const readOnlyReason = useReadOnlyReason();
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const connectAndTest = async () => {
    setIsBusy(true);
    setFailure(null);
    try {
      const { id } = await connectInspector(queryClient);
      void startTestRun(queryClient, id);
      await navigate({ to: "/integrations/connections/$id", params: { id } });
    } catch (thrown) {
      setFailure(problemFrom(thrown).message);
      setIsBusy(false);
    }
  };
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="text-muted">No URL yet?</p>
        <Button busy={isBusy} disabledReason={readOnlyReason} onClick={() => void connectAndTest()}>
          Use the built-in inspector
        </Button>
      </div>
      {failure && (
        <Notice tone="err" live title="The inspector was not connected">
          {failure}
        </Notice>
      )}
    </>
  );
}
