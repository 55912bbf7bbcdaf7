import { later } from "../ui/later.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

/** Where there is nothing to list yet, the page needs its form alone. */
export const ConnectionList = later(
  "Connections",
  async () => (await import("./connection-list.tsx")).ConnectionList,
  { placeholder: <Skeleton className="h-44" /> },
);
export const ConnectionFilters = later(
  "The filters",
  async () => (await import("./connection-filters.tsx")).ConnectionFilters,
  { placeholder: <Skeleton className="mb-3 h-9" /> },
);
