import { later } from "../ui/later.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

/** The form with all that checks it is as large as the rest of its page, and most visits only look. */
export const ConnectForm = later("The form", async () => (await import("./connect-form.tsx")).ConnectForm, {
  placeholder: <Skeleton className="h-80" />,
});
