import { useState } from "react";
import { DocsLink } from "../../docs/docs-link.tsx";
import { Button } from "../../ui/button.tsx";
import { lazyPart } from "../../ui/lazy-part.tsx";
import { SettingsSection } from "./section.tsx";
import type { SectionProps } from "./section-props.ts";

/** Loaded separately: few connections have headers. */
const HeaderFields = lazyPart(
  "Custom headers",
  async () => (await import("./header-fields.tsx")).HeaderFields,
);

/** Custom headers, for receivers behind a login or an API key. */
export function HeadersSection(props: SectionProps) {
  const { base, readOnlyReason } = props;
  const [isAdding, setIsAdding] = useState(false);
  const hasHeaders = base.connection.config.webhook.header_names.length > 0;
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
      {hasHeaders || isAdding ? (
        <HeaderFields {...props} takesFocus={isAdding} />
      ) : (
        <div>
          <Button opens={HeaderFields} disabledReason={readOnlyReason} onClick={() => setIsAdding(true)}>
            Add header
          </Button>
        </div>
      )}
    </SettingsSection>
  );
}
