import type { FieldValues, Resolver, UseFormReturn } from "react-hook-form";

const NOT_FETCHED =
  "Part of this form could not be fetched, so nothing was sent. Try again. If OpenSend was updated since this page was opened, reload the page.";

/** The checks of a form, fetched when someone turns to it, so that its page need not carry them. */
export function laterChecks<Values extends FieldValues>(load: () => Promise<Resolver<Values>>) {
  let loading: Promise<Resolver<Values>> | null = null;
  const fetched = () => {
    loading ??= load().catch((error) => {
      loading = null; // the next try fetches them again
      throw error;
    });
    return loading;
  };
  const resolver: Resolver<Values> = async (values, context, options) => {
    const check = await fetched().catch(() => null);
    return check === null ? { values, errors: {} } : check(values, context, options);
  };
  return {
    /** Finds nothing where the checks cannot be fetched, so a submit asks `areFetched` first. */
    resolver,
    /** Whether a submit can go on; otherwise the form says why not. */
    areFetched: async (form: Pick<UseFormReturn<Values>, "setError">): Promise<boolean> => {
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
