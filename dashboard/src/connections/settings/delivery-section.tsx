import { useWatch } from "react-hook-form";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { RadioChoice } from "../../ui/radio-choice.tsx";
import { SettingsSection } from "./section.tsx";
import type { SectionProps } from "./section-props.ts";

const ORDERS = [
  {
    value: "fast",
    label: "No guaranteed order (fastest)",
    description: "Sent concurrently. A later event may arrive first.",
  },
  {
    value: "strict",
    label: "Strict order",
    description:
      "One at a time, in the order accepted. If a delivery fails, later ones wait until it succeeds or gives up.",
  },
] as const;

/** The rate and order in which deliveries to this connection are sent. */
export function DeliverySection({ form, readOnlyReason }: SectionProps) {
  const { errors } = form.formState;
  const order = useWatch({ control: form.control, name: "order" });
  const readOnly = readOnlyReason !== null;
  return (
    <SettingsSection
      id="delivery"
      title="Delivery"
      lead="The most the receiver can take. Deliveries beyond a limit wait; nothing is dropped."
    >
      <RadioChoice
        legend="Order"
        value={order}
        onChange={(value) => form.setValue("order", value, { shouldDirty: true })}
        options={ORDERS}
        disabled={readOnly}
      />
      {order === "fast" && (
        <Field label="Concurrent requests" hint="From 1 to 100." error={errors.concurrency?.message}>
          {(control) => (
            <Input
              {...control}
              {...form.register("concurrency")}
              inputMode="numeric"
              autoComplete="off"
              readOnly={readOnly}
            />
          )}
        </Field>
      )}
      <Field
        label="Requests per minute"
        note="optional"
        hint="Empty means no limit."
        error={errors.rate_limit_per_minute?.message}
      >
        {(control) => (
          <Input
            {...control}
            {...form.register("rate_limit_per_minute")}
            inputMode="numeric"
            autoComplete="off"
            readOnly={readOnly}
          />
        )}
      </Field>
      <Field
        label="Timeout in seconds"
        hint="For one request and its response. From 1 to 60."
        error={errors.timeout_seconds?.message}
      >
        {(control) => (
          <Input
            {...control}
            {...form.register("timeout_seconds")}
            inputMode="numeric"
            autoComplete="off"
            readOnly={readOnly}
          />
        )}
      </Field>
    </SettingsSection>
  );
}
