import { useWatch } from "react-hook-form";
import { Field } from "../../ui/field.tsx";
import { TextArea } from "../../ui/input.tsx";
import { RadioChoice } from "../../ui/radio-choice.tsx";
import { SettingsSection } from "./section.tsx";
import type { SectionProps } from "./section-props.ts";

const OPTIONS = [
  { value: "all", label: "All of your own events", description: "Including types added later." },
  {
    value: "some",
    label: "These types",
    description: "Types you choose, including OpenSend's own, such as integration.paused.",
  },
] as const;

export function EventTypesSection({ form, readOnlyReason }: SectionProps) {
  const receives = useWatch({ control: form.control, name: "receives" });
  return (
    <SettingsSection id="event-types" title="Event types" lead="Which events this connection receives.">
      <RadioChoice
        legend="Receives"
        value={receives}
        onChange={(value) => form.setValue("receives", value, { shouldDirty: true })}
        options={OPTIONS}
        disabled={readOnlyReason !== null}
      />
      {receives === "some" && (
        <Field
          label="Types"
          hint={
            <>
              One per line: <code className="font-mono">order.paid</code>,{" "}
              <code className="font-mono">order.*</code> for all that start with{" "}
              <code className="font-mono">order.</code>, <code className="font-mono">*</code> for all of your
              own.
            </>
          }
          error={form.formState.errors.event_types?.message}
        >
          {(control) => (
            <TextArea
              {...control}
              {...form.register("event_types")}
              className="font-mono"
              autoCapitalize="none"
              spellCheck={false}
              readOnly={readOnlyReason !== null}
            />
          )}
        </Field>
      )}
    </SettingsSection>
  );
}
