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
          The name is shown in lists and test events. <DocsLink topic="connection settings" />
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
      <Field
        label="External ID"
        note="optional"
        hint="The connection's ID in your own system. Requests can use it instead of the connection ID."
        error={errors.external_id?.message}
      >
        {(control) => (
          <Input
            {...control}
            {...form.register("external_id")}
            className="font-mono"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="customer-42"
            readOnly={readOnly}
          />
        )}
      </Field>
      <Field
        label="Metadata"
        note="optional"
        hint={
          <>
            One name and value per line: <code className="font-mono">plan=pro</code>. Not for secrets:
            everyone in the workspace can read it.
          </>
        }
        error={errors.metadata?.message}
      >
        {(control) => (
          <TextArea
            {...control}
            {...form.register("metadata")}
            className="font-mono"
            autoCapitalize="none"
            spellCheck={false}
            readOnly={readOnly}
          />
        )}
      </Field>
    </SettingsSection>
  );
}
