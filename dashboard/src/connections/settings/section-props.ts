import type { UseFormReturn } from "react-hook-form";
import type { ConnectionRead } from "../queries.ts";
import type { SettingsValues } from "./settings-schema.ts";

/** The props of every section of the settings form. */
export type SectionProps = {
  base: ConnectionRead;
  form: UseFormReturn<SettingsValues>;
  readOnlyReason: string | null;
};
