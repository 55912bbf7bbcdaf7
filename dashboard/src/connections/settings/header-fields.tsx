import { FormProvider, useWatch } from "react-hook-form";
import { redactHost } from "../../../../src/domain/redact-url.ts";
import { Notice } from "../../ui/notice.tsx";
import { HeaderRows } from "../header-rows.tsx";
import { parseUrl } from "../receiver.ts";
import type { SectionProps } from "./section-props.ts";

type HeaderFieldsProps = SectionProps & { takesFocus: boolean };

/** The headers of a connection, with a warning before a new URL would lose them. */
export function HeaderFields({ base, form, readOnlyReason, takesFocus }: HeaderFieldsProps) {
  const { header_names: names, endpoint_host: host } = base.connection.config.webhook;
  const url = parseUrl(useWatch({ control: form.control, name: "webhook_url" }));
  const isOtherHost = names.length > 0 && url !== null && redactHost(url) !== host;
  return (
    <FormProvider {...form}>
      {isOtherHost && (
        <Notice tone="warn" live title="The new URL has another host">
          Enter each stored header again, or remove it. Values are never sent to another host than the one
          they were entered for.
        </Notice>
      )}
      <HeaderRows readOnlyReason={readOnlyReason} resetKey={base.etag} takesFocus={takesFocus} />
    </FormProvider>
  );
}
