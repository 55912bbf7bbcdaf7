import { zodResolver } from "@hookform/resolvers/zod";
import { type UseFormReturn, useForm, useWatch } from "react-hook-form";
import { ALERT_CONDITIONS, ALERT_THRESHOLDS, type AlertCondition } from "../../../src/domain/alert.ts";
import { api, dataOf } from "../api/client.ts";
import type { Alert } from "../api/types.ts";
import { ConnectionPicker } from "../filters/connection-picker.tsx";
import { lineChecks } from "../forms/line.ts";
import { z } from "../forms/schema.ts";
import { showProblem } from "../forms/show-problem.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Input, Select } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { CONDITION_HINTS, CONDITION_NAMES, thresholdLabel } from "./alert-words.ts";
import { MemberChoice } from "./member-choice.tsx";

const NAME_LENGTH_MAX = 100;
const FIELDS = [
  "name",
  "condition",
  "threshold",
  "connection_ids",
  "member_ids",
  "notify_connection_id",
] as const;

const schema = z
  .object({
    name: z.string().check(...lineChecks(NAME_LENGTH_MAX), z.minLength(1, "Enter a name.")),
    condition: z.enum(ALERT_CONDITIONS),
    threshold: z.string(),
    connection_ids: z.array(z.string()),
    member_ids: z.array(z.string()),
    notify_connection_id: z.array(z.string()),
    enabled: z.boolean(),
  })
  .check(
    z.refine(({ condition, threshold }) => isInRange(condition, threshold), {
      path: ["threshold"],
      error: ({ input }) => rangeWords((input as { condition: AlertCondition }).condition),
    }),
  );
type Values = z.infer<typeof schema>;

type AlertFormProps = {
  /** Null creates a new alert. */
  alert: Alert | null;
  isMailConfigured: boolean;
  onSaved: () => void;
  onCancel: () => void;
};

export function AlertForm({ alert, isMailConfigured, onSaved, onCancel }: AlertFormProps) {
  const form = useForm<Values>({ resolver: zodResolver(schema), defaultValues: initialValues(alert) });
  const { errors, isSubmitting } = form.formState;
  const [members, notified, enabled] = useWatch({
    control: form.control,
    name: ["member_ids", "notify_connection_id", "enabled"],
  });
  const save = form.handleSubmit(async (values) => {
    try {
      await send(alert, values);
      onSaved();
    } catch (thrown) {
      showProblem(form, FIELDS, thrown);
    }
  });
  return (
    <form onSubmit={(event) => void save(event)} noValidate className="mt-5 flex flex-col gap-4">
      {errors.root && (
        <Notice tone="err" live>
          {errors.root.message}
        </Notice>
      )}
      <Field label="Name" error={errors.name?.message}>
        {(control) => (
          <Input {...control} {...form.register("name")} autoComplete="off" placeholder="On call" />
        )}
      </Field>
      <WatchedFields form={form} />
      {!isMailConfigured && (
        <Notice tone="info">
          This server sends no mail: OPENSEND_SMTP_URL is not set. Choose a connection to notify.
        </Notice>
      )}
      <MemberChoice
        values={members}
        onChange={(ids) => form.setValue("member_ids", ids)}
        error={errors.member_ids?.message}
      />
      <Field
        label="Connection to notify"
        note="optional"
        hint="Gets an opensend.alert event that Slack and Discord show as a message. Never notified about itself."
        error={errors.notify_connection_id?.message}
      >
        {(control) => (
          <ConnectionPicker
            id={control.id}
            label="Connection to notify"
            allWord="None"
            values={notified}
            onChange={(ids) => form.setValue("notify_connection_id", ids.slice(-1))}
          />
        )}
      </Field>
      <label className="flex min-h-11 items-center gap-3 md:min-h-8">
        <input
          type="checkbox"
          checked={enabled}
          onChange={() => form.setValue("enabled", !enabled)}
          className="size-4 accent-accent"
        />
        On
      </label>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" busy={isSubmitting}>
          {alert === null ? "Create alert" : "Save"}
        </Button>
      </div>
    </form>
  );
}

/** The condition, its threshold and the watched connections. */
function WatchedFields({ form }: { form: UseFormReturn<Values> }) {
  const { errors } = form.formState;
  const [condition, connections] = useWatch({ control: form.control, name: ["condition", "connection_ids"] });
  const change = (next: AlertCondition) => {
    form.setValue("condition", next);
    form.setValue("threshold", String(ALERT_THRESHOLDS[next]?.initial ?? ""));
    form.clearErrors("threshold");
  };
  return (
    <>
      <Field label="Condition" hint={CONDITION_HINTS[condition]} error={errors.condition?.message}>
        {(control) => (
          <Select
            {...control}
            value={condition}
            onChange={(event) => change(event.target.value as AlertCondition)}
          >
            {ALERT_CONDITIONS.map((one) => (
              <option key={one} value={one}>
                {CONDITION_NAMES[one]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {ALERT_THRESHOLDS[condition] !== null && (
        <Field label={thresholdLabel(condition)} error={errors.threshold?.message}>
          {(control) => (
            <Input {...control} {...form.register("threshold")} inputMode="numeric" autoComplete="off" />
          )}
        </Field>
      )}
      {condition !== "no_events" && (
        <Field label="Connections" error={errors.connection_ids?.message}>
          {(control) => (
            <ConnectionPicker
              id={control.id}
              label="Connections"
              allWord="All connections"
              values={connections}
              onChange={(ids) => form.setValue("connection_ids", ids)}
            />
          )}
        </Field>
      )}
    </>
  );
}

function initialValues(alert: Alert | null): Values {
  const condition = alert?.condition ?? "connection_failing";
  const threshold = alert === null ? (ALERT_THRESHOLDS[condition]?.initial ?? "") : (alert.threshold ?? "");
  return {
    name: alert?.name ?? "",
    condition,
    threshold: String(threshold),
    connection_ids: [...(alert?.connection_ids ?? [])],
    // Only current members: the form cannot show former members, so no one could remove them.
    member_ids: alert?.recipients.members.map(({ id }) => id) ?? [],
    notify_connection_id: alert?.notify_connection_id ? [alert.notify_connection_id] : [],
    enabled: alert?.enabled ?? true,
  };
}

async function send(alert: Alert | null, values: Values): Promise<void> {
  const { name, condition, threshold, connection_ids, member_ids, notify_connection_id, enabled } = values;
  const isOfAll = connection_ids.length === 0 || condition === "no_events";
  const body = {
    name,
    condition,
    threshold: ALERT_THRESHOLDS[condition] === null ? null : Number(threshold),
    connection_ids: isOfAll ? null : connection_ids,
    member_ids,
    notify_connection_id: notify_connection_id[0] ?? null,
    enabled,
  };
  if (alert === null) await dataOf(api.POST("/api/alerts", { body }));
  else await dataOf(api.PATCH("/api/alerts/{id}", { params: { path: { id: alert.id } }, body }));
}

function isInRange(condition: AlertCondition, threshold: string): boolean {
  const range = ALERT_THRESHOLDS[condition];
  if (range === null) return true;
  return (
    /^\d{1,10}$/.test(threshold.trim()) && Number(threshold) >= range.min && Number(threshold) <= range.max
  );
}

function rangeWords(condition: AlertCondition): string {
  const range = ALERT_THRESHOLDS[condition];
  return range === null ? "" : `Enter a number of ${range.unit} from ${range.min} to ${range.max}.`;
}
