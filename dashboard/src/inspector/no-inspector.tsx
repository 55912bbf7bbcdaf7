import { useQueryClient } from "@tanstack/react-query";
import { ScanSearch } from "lucide-react";
import { useState } from "react";
import { problemFrom } from "../api/problem.ts";
import { focusHeading } from "../navigation/focus-heading.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Notice } from "../ui/notice.tsx";
import { connectInspector, inspectorQuery } from "./queries.ts";

/** Shown instead of the inspector while no connection sends to it. */
export function NoInspector() {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const use = async () => {
    setIsBusy(true);
    setFailure(null);
    try {
      await connectInspector(queryClient);
      focusHeading(); // the button disappears
      await queryClient.refetchQueries(inspectorQuery);
    } catch (thrown) {
      setFailure(problemFrom(thrown).message);
      setIsBusy(false);
    }
  };
  return (
    <div className="flex flex-col gap-4">
      {failure && (
        <Notice tone="err" live title="The inspector was not connected">
          {failure}
        </Notice>
      )}
      <EmptyState
        icon={ScanSearch}
        title="No connection uses the inspector yet"
        action={
          <Button variant="primary" busy={isBusy} disabledReason={readOnlyReason} onClick={() => void use()}>
            Use the inspector
          </Button>
        }
      >
        Creates a connection with its own signing secret. It receives every event in this workspace until you
        pause or disconnect it.
      </EmptyState>
    </div>
  );
}
