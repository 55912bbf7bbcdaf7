import type { UseFormReturn } from "react-hook-form";
import type { HeaderDraft } from "../header-draft.ts";
import { findDraftFaults, headerChanges } from "../header-drafts.ts";
import type { SettingsValues } from "./settings-schema.ts";

/** The header changes to send, or null after the form has shown what is wrong with them. */
export function readHeaders(
  form: UseFormReturn<SettingsValues>,
  drafts: readonly HeaderDraft[],
): { headers?: Record<string, string | null> } | null {
  const faults = findDraftFaults(drafts);
  for (const [order, { path, message }] of faults.entries()) {
    form.setError(`headers.${path[0]}.${path[1]}`, { message }, { shouldFocus: order === 0 });
  }
  if (faults.length > 0) return null;
  const headers = headerChanges(drafts);
  return Object.keys(headers).length === 0 ? {} : { headers };
}
