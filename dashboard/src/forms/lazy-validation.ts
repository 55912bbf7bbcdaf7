import type { FieldValues, Resolver, UseFormReturn } from "react-hook-form";

const NOT_FETCHED =
  "Part of this form could not be fetched, so nothing was sent. Try again. If OpenSend was updated since this page was opened, reload the page.";

/** The validation of a form, loaded when someone uses the form, so that the page loads without it. */
export function lazyValidation<Values extends FieldValues>(load: () => Promise<Resolver<Values>>) {
  let loading: Promise<Resolver<Values>> | null = null;
  const fetched = () => {
    loading ??= load().catch((error) => {
      loading = null; // the next try loads it again
      throw error;
    });
    return loading;
  };
  const resolver: Resolver<Values> = async (values, context, options) => {
    const check = await fetched().catch(() => null);
    return check === null ? { values, errors: {} } : check(values, context, options);
  };
  return {
    /** Reports no errors when the validation cannot be loaded, so a submit must check `ensureLoaded` first. */
    resolver,
    /** Loads the validation; if that fails, the form shows why and the submit must not continue. */
    ensureLoaded: async (form: Pick<UseFormReturn<Values>, "setError">): Promise<boolean> => {
      try {
        await fetched();
        return true;
      } catch {
        form.setError("root", { type: "not_fetched", message: NOT_FETCHED });
        return false;
      }
    },
    preload: () => void fetched().catch(() => undefined),
  };
}
