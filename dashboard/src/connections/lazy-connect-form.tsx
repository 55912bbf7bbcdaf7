import { lazyPart } from "../ui/lazy-part.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

/** Loaded separately: the form with its validation is as large as the rest of the page, and most visits only look. */
export const ConnectForm = lazyPart(
  "The form",
  async () => (await import("./connect-form.tsx")).ConnectForm,
  {
    placeholder: <Skeleton className="h-80" />,
  },
);
