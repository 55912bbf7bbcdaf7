import { zodResolver } from "@hookform/resolvers/zod";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import type { ReplayPreview } from "../api/types.ts";
import { connectionNamesQuery } from "../connections/queries.ts";
import type { DeliveryFilter } from "../deliveries/delivery-filter.ts";
import { requestKeys } from "../forms/request-keys.ts";
import { z } from "../forms/schema.ts";
import { showProblem } from "../forms/show-problem.ts";
import { count, counted } from "../text/count.ts";
import { spanOf } from "../text/span.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Facts } from "../ui/facts.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { LoadProblem } from "../ui/load-problem.tsx";
import { Notice } from "../ui/notice.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { replayPreviewQuery, startReplay } from "./queries.ts";
import { replayWords, toReplayFilter } from "./replay-filter.ts";

const RATE_DEFAULT = 10;
const RATE_MAX = 100;

const schema = z.object({
  rate: z.string().check(
    z.trim(),
    z.refine<string>(
      (text) => /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= RATE_MAX,
      `Enter a whole number from 1 to ${RATE_MAX}.`,
    ),
  ),
});

type ReplayDialogProps = { filter: DeliveryFilter; onClose: () => void };

/** Counts what the page's filter takes before anything is sent, then starts the replay. */
export function ReplayDialog({ filter, onClose }: ReplayDialogProps) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [replayFilter] = useState(() => toReplayFilter(filter, Date.now()));
  const [keyOf] = useState(requestKeys);
  const preview = useQuery(replayPreviewQuery(replayFilter));
  const names = useQuery(connectionNamesQuery).data ?? [];
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { rate: String(RATE_DEFAULT) },
  });
  const { errors, isSubmitting } = form.formState;
  const rate = useWatch({ control: form.control, name: "rate" });
  const connectionName = names.find(({ value }) => value === filter.connection)?.label ?? null;

  const start = form.handleSubmit(async ({ rate }) => {
    try {
      const { id } = await startReplay(queryClient, replayFilter, Number(rate), keyOf(rate));
      await navigate({ to: "/deliveries/replays/$id", params: { id } });
    } catch (thrown) {
      showProblem(form, ["rate"], thrown);
    }
  });
  const countWord = preview.data && counted(preview.data.count, "delivery", "deliveries");
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Replay deliveries"
      description={`${replayWords(replayFilter, connectionName)}. The oldest go first, with the same webhook-id as before.`}
    >
      <form onSubmit={(event) => void start(event)} noValidate className="mt-5 flex flex-col gap-5">
        {errors.root && (
          <Notice tone="err" live>
            {errors.root.message}
          </Notice>
        )}
        {preview.data ? (
          <Preview preview={preview.data} rate={Number(rate)} />
        ) : preview.error ? (
          <LoadProblem what="The dry run" error={preview.error} onRetry={() => void preview.refetch()} />
        ) : (
          <Skeleton className="h-24" />
        )}
        <Field
          label="Deliveries a second"
          error={errors.rate?.message}
          hint="It stops by itself after 5 failures in a row."
        >
          {(control) => (
            <Input {...control} {...form.register("rate")} inputMode="numeric" autoComplete="off" />
          )}
        </Field>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            busy={isSubmitting}
            disabledReason={whyNotStart(preview.data)}
          >
            {countWord ? `Replay ${countWord}` : "Replay"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function whyNotStart(preview: ReplayPreview | undefined): string | null {
  if (preview === undefined) return "Wait until the dry run has counted them.";
  return preview.count === 0 ? "There is nothing to replay." : null;
}

function Preview({ preview, rate }: { preview: ReplayPreview; rate: number }) {
  if (preview.count === 0) {
    return <p className="rounded-control bg-sunken p-3 text-muted">No delivery is like that.</p>;
  }
  const seconds = Math.ceil(preview.count / rate);
  return (
    <div className="rounded-control bg-sunken p-3">
      <h3 className="mb-3 text-table font-medium text-muted">Dry run</h3>
      <Facts
        facts={[
          {
            name: "Deliveries",
            value: `${preview.count_is_exact ? "" : "More than "}${count(preview.count)}`,
          },
          { name: "Oldest", value: preview.oldest_at ? <TimeAgo at={preview.oldest_at} /> : "–" },
          { name: "Newest", value: preview.newest_at ? <TimeAgo at={preview.newest_at} /> : "–" },
          { name: "Takes about", value: Number.isFinite(seconds) ? spanOf(seconds * 1000) : "–" },
        ]}
      />
    </div>
  );
}
