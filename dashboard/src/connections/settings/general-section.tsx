import { DocsLink } from "../../docs/docs-link.tsx";
import { Field } from "../../ui/field.tsx";
import { Input, TextArea } from "../../ui/input.tsx";
import { SettingsSection } from "./section.tsx";
import type { SectionProps } from "./section-props.ts";

export function GeneralSection({ form, readOnlyReason }: SectionProps) {
  const { errors } = form.formState;
  const readOnly = readOnlyReason !== null;
  return (
    <SettingsSection
      id="general"
      title="General"
      lead={
        <>
          Shown in lists and test events. <DocsLink topic="connection settings" />
        </>
      }
    >
      <Field label="Name" error={errors.name?.message}>
        {(control) => (
          <Input {...control} {...form.register("name")} autoComplete="off" readOnly={readOnly} />
        )}
      </Field>
      <Field label="Description" note="optional" error={errors.description?.message}>
        {(control) => <TextArea {...control} {...form.register("description")} readOnly={readOnly} />}
      </Field>
    </SettingsSection>
  );
}
