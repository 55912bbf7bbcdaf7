import type { UseFormReturn } from "react-hook-form";
import type { SettingsValues } from "../connection-fields.ts";
import type { ConnectionRead } from "../queries.ts";

/** What every section of the settings form works on. */
export type SectionProps = {
  base: ConnectionRead;
  form: UseFormReturn<SettingsValues>;
  readOnlyReason: string | null;
};
