import type { QueryClient } from "@tanstack/react-query";
import { setupQuery } from "./setup-query.ts";

/** Forgets all that was read for the person who was signed in. What the sign-in page shows stays. */
export function forgetPrivate(queryClient: QueryClient): void {
  const [kept] = setupQuery.queryKey;
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== kept });
  queryClient.getMutationCache().clear();
}
