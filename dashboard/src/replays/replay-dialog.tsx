import { zodResolver } from "@hookform/resolvers/zod";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import type { ReplayPreview } from "../api/types.ts";
import type { DeliveryFilter } from "../deliveries/delivery-filter.ts";
import { ERROR_WORDS } from "../deliveries/response-label.tsx";
import { DocsLink } from "../docs/docs-link.tsx";
import { ConnectionNames } from "../filters/connection-names.tsx";
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
import { RadioChoice } from "../ui/radio-choice.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { type ReplayOptions, replayPreviewQuery, startReplay } from "./queries.ts";
import { replayWords, toReplayFilter } from "./replay-filter.ts";

const RATE_DEFAULT = 10;
const RATE_MAX = 100;
const CAUSES_SHOWN = 5;

const schema = z.object({
  rate: z.string().check(
    z.trim(),
    z.refine<string>(
      (text) => /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= RATE_MAX,
      `Enter a whole number from 1 to ${RATE_MAX}.`,
    ),
  ),
});

const STARTS = [
  {
    value: "now",
    label: "Now",
    description: "A failing receiver gets one delivery at a time until it accepts one.",
  },
  {
    value: "receiver_recovers",
    label: "When the receiver recovers",
    description: "Nothing is sent to a failing receiver before it has accepted another request.",
  },
] as const satisfies readonly { value: ReplayOptions["when"]; label: string; description: string }[];

type ReplayDialogProps = { filter: DeliveryFilter; onClose: () => void };

/** Counts the deliveries that match the page's filter before anything is sent, then starts the replay. */
export function ReplayDialog({ filter, onClose }: ReplayDialogProps) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [replayFilter] = useState(() => toReplayFilter(filter, Date.now()));
  const [keyOf] = useState(requestKeys);
  const preview = useQuery(replayPreviewQuery(replayFilter));
  const [when, setWhen] = useState<ReplayOptions["when"]>("now");
  const [healthyOnly, setHealthyOnly] = useState(false);
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { rate: String(RATE_DEFAULT) },
  });
  const { errors, isSubmitting } = form.formState;
  const rate = useWatch({ control: form.control, name: "rate" });
  const failing = preview.data?.failing_count ?? 0;
  const size = preview.data && preview.data.count - (healthyOnly ? failing : 0);

  const start = form.handleSubmit(async ({ rate }) => {
    const options = { ratePerSecond: Number(rate), when, healthyOnly };
    try {
      const { id } = await startReplay(queryClient, replayFilter, options, keyOf(options));
      await navigate({ to: "/deliveries/replays/$id", params: { id } });
    } catch (thrown) {
      showProblem(form, ["rate"], thrown);
    }
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Replay deliveries"
      description={
        <ConnectionNames filter={replayFilter.connection_id}>
          {(names) =>
            `${replayWords(replayFilter, names)}. The oldest go first, with the same webhook-id as before.`
          }
        </ConnectionNames>
      }
    >
      <form onSubmit={(event) => void start(event)} noValidate className="mt-5 flex flex-col gap-5">
        {errors.root && (
          <Notice tone="err" live>
            {errors.root.message}
          </Notice>
        )}
        {preview.data ? (
          <Preview
            preview={preview.data}
            size={size ?? 0}
            rate={Number(rate)}
            estimates={failing === 0 || healthyOnly}
          />
        ) : preview.error ? (
          <LoadProblem what="The dry run" error={preview.error} onRetry={() => void preview.refetch()} />
        ) : (
          <Skeleton className="h-24" />
        )}
        {failing > 0 && (
          <>
            <RadioChoice legend="Start" value={when} onChange={setWhen} options={STARTS} />
            <label className="flex min-h-11 items-center gap-3 md:min-h-6">
              <input
                type="checkbox"
                checked={healthyOnly}
                onChange={(event) => setHealthyOnly(event.target.checked)}
                className="size-4 shrink-0 accent-accent"
              />
              <span>Leave out receivers that are failing or paused ({count(failing)})</span>
            </label>
          </>
        )}
        <Field
          label="Deliveries per second"
          error={errors.rate?.message}
          hint={
            <>
              Stops for a receiver after 5 failures in a row. Other receivers are still served.{" "}
              <DocsLink topic="replays" />
            </>
          }
        >
          {(control) => (
            <Input {...control} {...form.register("rate")} inputMode="numeric" autoComplete="off" />
          )}
        </Field>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isSubmitting} disabledReason={whyNotStart(size)}>
            {size === undefined ? "Replay" : `Replay ${counted(size, "delivery", "deliveries")}`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function whyNotStart(size: number | undefined): string | null {
  if (size === undefined) return "Wait until the dry run has counted the deliveries.";
  return size === 0 ? "There is nothing to replay." : null;
}

type PreviewProps = {
  preview: ReplayPreview;
  size: number;
  rate: number;
  /** Whether all receivers accept requests; only then can a duration be estimated. */
  estimates: boolean;
};

function Preview({ preview, size, rate, estimates }: PreviewProps) {
  if (preview.count === 0) {
    return <p className="rounded-control bg-sunken p-3 text-muted">No deliveries match these filters.</p>;
  }
  const seconds = Math.ceil(size / rate);
  const duration = estimates
    ? Number.isFinite(seconds)
      ? spanOf(seconds * 1000)
      : "–"
    : "Until receivers recover";
  return (
    <div className="flex flex-col gap-4 rounded-control bg-sunken p-3">
      <h3 className="text-table font-medium text-muted">Dry run</h3>
      <Facts
        facts={[
          {
            name: "Deliveries",
            value: `${preview.count_is_exact ? "" : "More than "}${count(preview.count)}`,
          },
          { name: "Oldest", value: preview.oldest_at ? <TimeAgo at={preview.oldest_at} /> : "–" },
          { name: "Newest", value: preview.newest_at ? <TimeAgo at={preview.newest_at} /> : "–" },
          { name: "Duration", value: duration },
        ]}
      />
      <Causes causes={preview.causes} />
    </div>
  );
}

/** The deliveries' errors, most frequent first: a replay helps only when the cause is fixed. */
function Causes({ causes: all }: { causes: ReplayPreview["causes"] }) {
  const causes = all.filter(({ error_code }) => error_code !== null);
  if (causes.length === 0) return null;
  const more = causes.length - CAUSES_SHOWN;
  return (
    <ul aria-label="Causes" className="flex flex-col gap-1 text-table">
      {causes.slice(0, CAUSES_SHOWN).map((cause) => (
        <li
          key={`${cause.connection_id} ${cause.error_code} ${cause.response_status}`}
          className="flex items-baseline justify-between gap-3"
        >
          <span className="min-w-0 [overflow-wrap:anywhere]">
            {cause.connection_name}: {causeWords(cause)}
            {cause.is_failing && <span className="text-warn"> (still failing)</span>}
          </span>
          <span className="shrink-0">{count(cause.count)}</span>
        </li>
      ))}
      {more > 0 && <li className="text-muted">and {counted(more, "more cause", "more causes")}</li>}
    </ul>
  );
}

function causeWords({ error_code, response_status }: ReplayPreview["causes"][number]): string {
  if (response_status !== null) return String(response_status);
  return ERROR_WORDS[error_code ?? ""] ?? String(error_code);
}
