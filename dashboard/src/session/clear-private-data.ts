import type { QueryClient } from "@tanstack/react-query";
import { setupQuery } from "./setup-query.ts";

/** Removes everything read for the signed-in person from the cache, except the data that the sign-in page shows. */
export function clearPrivateData(queryClient: QueryClient): void {
  const [kept] = setupQuery.queryKey;
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== kept });
  queryClient.getMutationCache().clear();
}
