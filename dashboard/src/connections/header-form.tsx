import { zodResolver } from "@hookform/resolvers/zod";
import { type RefObject, useEffect } from "react";
import { FormProvider, useForm } from "react-hook-form";
import { z } from "../forms/schema.ts";
import type { HeaderDraft } from "./header-draft.ts";
import { headerChanges, headerDrafts } from "./header-drafts.ts";
import { HeaderRows } from "./header-rows.tsx";

/** Returns the headers to send, or null after the form has shown what is wrong with them. */
export type ReadHeaders = () => Promise<Record<string, string | null> | null>;

const NONE: { headers: HeaderDraft[] } = { headers: [] };
const schema = z.object({ headers: headerDrafts });

/**
 * The headers of the surrounding form, with a first row that takes focus. Sets `reader` to the function that reads
 * them.
 */
export function HeaderForm({ reader }: { reader: RefObject<ReadHeaders | null> }) {
  const form = useForm({ resolver: zodResolver(schema), defaultValues: NONE });
  useEffect(() => {
    reader.current = async () => {
      const isValid = await form.trigger(undefined, { shouldFocus: true });
      return isValid ? headerChanges(form.getValues("headers")) : null;
    };
    return () => {
      reader.current = null;
    };
  }, [form, reader]);
  return (
    <FormProvider {...form}>
      <HeaderRows readOnlyReason={null} takesFocus />
    </FormProvider>
  );
}
