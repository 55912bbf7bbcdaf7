import { zodResolver } from "@hookform/resolvers/zod";
import { useForm, useWatch } from "react-hook-form";
import { api, dataOf } from "../api/client.ts";
import { patternsOf, problemOfPatterns } from "../forms/event-type-patterns.ts";
import { lineChecks } from "../forms/line.ts";
import { z } from "../forms/schema.ts";
import { showProblem } from "../forms/show-problem.ts";
import { CreateButtons } from "../ui/create-buttons.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { RadioChoice } from "../ui/radio-choice.tsx";
import { ACCESS_OPTIONS } from "./access.ts";
import { LifetimeField } from "./lifetime-field.tsx";
import { expiryAfter } from "./lifetimes.ts";

const NAME_LENGTH_MAX = 100;

const schema = z
  .object({
    name: z
      .string()
      .check(
        ...lineChecks(NAME_LENGTH_MAX),
        z.minLength(1, "Enter a name that tells where the key is used."),
      ),
    access: z.enum(["full_access", "sending_access", "connections"]),
    eventTypes: z.string(),
    lifetimeDays: z.string(),
  })
  .check((context) => {
    const { access, eventTypes } = context.value;
    const patterns = patternsOf(eventTypes);
    if (access === "full_access" || patterns.length === 0) return;
    const message = patterns.includes("*")
      ? "For all event types, leave this empty."
      : problemOfPatterns(eventTypes);
    if (message !== null) {
      context.issues.push({ code: "custom", message, path: ["eventTypes"], input: eventTypes });
    }
  });

/** The effect of limiting a key to event types, by the key's access. */
const LIMIT_HINTS = {
  sending_access: "The key sends only these. Leave empty for all.",
  connections: "The key subscribes connections to these and reads only these. Leave empty for all.",
} as const;

type CreateKeyFormProps = { onCreated: (key: string) => void; onCancel: () => void };

export function CreateKeyForm({ onCreated, onCancel }: CreateKeyFormProps) {
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { name: "", access: "sending_access", eventTypes: "", lifetimeDays: "" },
  });
  const { errors, isSubmitting } = form.formState;
  const access = useWatch({ control: form.control, name: "access" });

  const create = form.handleSubmit(async ({ name, access, eventTypes, lifetimeDays }) => {
    const patterns = access === "full_access" ? [] : patternsOf(eventTypes);
    try {
      const expires_at = expiryAfter(lifetimeDays);
      const result = await dataOf(
        api.POST("/api/api-keys", {
          body: {
            name,
            access,
            ...(patterns.length > 0 && { event_types: patterns }),
            ...(expires_at !== null && { expires_at }),
          },
        }),
      );
      onCreated(result.key);
    } catch (thrown) {
      showProblem(form, ["name", "access"], thrown);
    }
  });

  return (
    <form onSubmit={(event) => void create(event)} noValidate className="mt-5 flex flex-col gap-4">
      {errors.root && (
        <Notice tone="err" live>
          {errors.root.message}
        </Notice>
      )}
      <Field label="Name" error={errors.name?.message}>
        {(control) => (
          <Input
            {...control}
            {...form.register("name")}
            autoComplete="off"
            placeholder="Production backend"
          />
        )}
      </Field>
      <RadioChoice
        legend="Access"
        value={access}
        onChange={(value) => form.setValue("access", value)}
        options={ACCESS_OPTIONS}
      />
      {access !== "full_access" && (
        <Field
          label="Event types"
          note="optional"
          hint={LIMIT_HINTS[access]}
          error={errors.eventTypes?.message}
        >
          {(control) => (
            <Input
              {...control}
              {...form.register("eventTypes")}
              className="font-mono"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              placeholder="order.*, user.created"
            />
          )}
        </Field>
      )}
      <LifetimeField label="Expires" registration={form.register("lifetimeDays")} />
      <CreateButtons label="Create key" isCreating={isSubmitting} onCancel={onCancel} />
    </form>
  );
}
