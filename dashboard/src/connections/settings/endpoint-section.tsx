import { useWatch } from "react-hook-form";
import { Facts } from "../../ui/facts.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { EndpointFingerprint, EndpointPreview } from "../endpoint.tsx";
import { parseUrl } from "../receiver.ts";
import { ReceiverWarning, UrlHint } from "../receiver-hint.tsx";
import { SettingsSection } from "./section.tsx";
import type { SectionProps } from "./section-props.ts";

export function EndpointSection({ base, form, readOnlyReason }: SectionProps) {
  const { connection } = base;
  const { errors } = form.formState;
  const isConnected = connection.status !== "disconnected";
  const url = parseUrl(useWatch({ control: form.control, name: "webhook_url" }));
  return (
    <SettingsSection
      id="endpoint"
      title="Webhook URL"
      lead={
        isConnected
          ? "Two people can compare fingerprints to check that they mean the same URL, without seeing it."
          : "The URL was destroyed when this connection was disconnected. A new one connects it again."
      }
    >
      {isConnected && (
        <Facts
          facts={[
            { name: "Endpoint", value: <EndpointPreview connection={connection} />, isLong: true },
            { name: "Fingerprint", value: <EndpointFingerprint connection={connection} /> },
          ]}
        />
      )}
      <Field
        label={isConnected ? "Replace URL" : "Webhook URL"}
        error={errors.webhook_url?.message}
        hint={
          isConnected && url === null ? (
            "Stored encrypted. Enter a new one to replace it."
          ) : (
            <UrlHint url={url} isRefused={errors.webhook_url?.type === "server"} />
          )
        }
      >
        {(control) => (
          <Input
            {...control}
            {...form.register("webhook_url")}
            type="url"
            inputMode="url"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="https://"
            readOnly={readOnlyReason !== null}
          />
        )}
      </Field>
      <ReceiverWarning url={url} />
    </SettingsSection>
  );
}
