import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { InspectorResponse } from "../../../src/domain/inspector.ts";
import { problemFrom } from "../api/problem.ts";
import type { InspectorRead } from "../api/types.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { Card } from "../ui/card.tsx";
import { Notice } from "../ui/notice.tsx";
import { RadioChoice } from "../ui/radio-choice.tsx";
import { updateInspector } from "./queries.ts";
import { INSPECTOR_RESPONSES, responseWords } from "./responses.ts";
import { RetryAfterForm } from "./retry-after-form.tsx";

/** Selects the inspector's response. A choice shows immediately, and is reverted if the server refuses it. */
export function ResponseCard({ settings }: { settings: InspectorRead["settings"] }) {
  const queryClient = useQueryClient();
  const update = useMutation({
    // One after the other, so that the last choice wins.
    scope: { id: "inspector" },
    mutationFn: (response: InspectorResponse) => updateInspector(queryClient, { answer: response }),
  });
  const readOnlyReason = useReadOnlyReason();
  const [wanted, setWanted] = useState<InspectorResponse | null>(null);
  const shown = wanted ?? settings.answer;

  const choose = (response: InspectorResponse) => {
    setWanted(response);
    update.mutate(response, { onSettled: () => setWanted(null) });
  };
  return (
    <Card aria-label="Response" className="flex flex-col gap-3 p-5">
      {readOnlyReason && <Notice tone="info">{readOnlyReason}</Notice>}
      <RadioChoice
        legend="Response"
        value={shown}
        onChange={choose}
        options={INSPECTOR_RESPONSES}
        disabled={readOnlyReason !== null}
        isDense
      />
      {shown === "429" && <RetryAfterForm seconds={settings.retry_after_seconds} />}
      <p role="status" className="text-table text-muted">
        {wanted !== null
          ? "Saving …"
          : update.isSuccess
            ? `Saved. The next request gets ${responseWords(settings.answer)}.`
            : "A test event is sent once. It is never retried and never pauses the connection."}
      </p>
      {update.isError && wanted === null && (
        <Notice tone="err" live title="Not changed">
          {problemFrom(update.error).message}
        </Notice>
      )}
    </Card>
  );
}
