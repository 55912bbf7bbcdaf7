import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { problemFrom } from "../api/problem.ts";
import { connectInspector } from "../inspector/queries.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";

/** Loaded when someone connects, before the connection is created. */
export const loadTestRun = () => import("./test-run.ts");

type InspectorButtonProps = {
  busy: boolean;
  disabledReason: string | null;
  /** Runs the given function, unless the surrounding form is already connecting. */
  onUse: (connectAndTest: () => Promise<void>) => void;
};

/** For people without a receiver: one click creates a connection, sends a test event and shows the result. */
export function InspectorButton({ busy, disabledReason, onUse }: InspectorButtonProps) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [failure, setFailure] = useState<string | null>(null);

  const connectAndTest = async () => {
    setFailure(null);
    try {
      const { startTestRun } = await loadTestRun();
      const { id } = await connectInspector(queryClient);
      void startTestRun(queryClient, id);
      await navigate({ to: "/integrations/connections/$id", params: { id } });
    } catch (thrown) {
      setFailure(problemFrom(thrown).message);
    }
  };
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="text-muted">No URL yet?</p>
        <Button busy={busy} disabledReason={disabledReason} onClick={() => onUse(connectAndTest)}>
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
