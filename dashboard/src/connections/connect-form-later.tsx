import { later } from "../ui/later.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

/** Loaded separately: the form with its validation is as large as the rest of the page, and most visits only look. */
export const ConnectForm = later("The form", async () => (await import("./connect-form.tsx")).ConnectForm, {
  placeholder: <Skeleton className="h-80" />,
});
