import type { UseFormReturn } from "react-hook-form";
import type { ConnectionRead } from "../queries.ts";
import type { SettingsValues } from "./settings-schema.ts";

/** What every section of the settings form works on. */
export type SectionProps = {
  base: ConnectionRead;
  form: UseFormReturn<SettingsValues>;
  readOnlyReason: string | null;
};
