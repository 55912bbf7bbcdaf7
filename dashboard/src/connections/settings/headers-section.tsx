import { FormProvider, useWatch } from "react-hook-form";
import { redactHost } from "../../../../src/domain/redact-url.ts";
import { DocsLink } from "../../docs/docs-link.tsx";
import { Notice } from "../../ui/notice.tsx";
import { HeaderRows } from "../header-rows.tsx";
import { parseUrl } from "../receiver.ts";
import { SettingsSection } from "./section.tsx";
import type { SectionProps } from "./section-props.ts";

/** What a receiver behind a login or an API key asks for. */
export function HeadersSection({ base, form, readOnlyReason }: SectionProps) {
  const { header_names: names, endpoint_host: host } = base.connection.config.webhook;
  const url = parseUrl(useWatch({ control: form.control, name: "webhook_url" }));
  const isOtherHost = names.length > 0 && url !== null && redactHost(url) !== host;
  return (
    <SettingsSection
      id="headers"
      title="Custom headers"
      lead={
        <>
          Sent with each request, for receivers that need a login or an API key.{" "}
          <DocsLink topic="custom headers" />
        </>
      }
    >
      {isOtherHost && (
        <Notice tone="warn" live title="The new URL has another host">
          Enter each stored header again, or remove it. Values are never sent to another host than the one
          they were entered for.
        </Notice>
      )}
      <FormProvider {...form}>
        <HeaderRows readOnlyReason={readOnlyReason} round={base.etag} />
      </FormProvider>
    </SettingsSection>
  );
}
