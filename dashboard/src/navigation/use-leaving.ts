import { useRouter } from "@tanstack/react-router";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** Which press led here. */
    leaving?: number;
  }
}

let presses = 0;

/**
 * Goes to another page before something that cannot be taken back, so that unsaved changes are asked about first.
 * Resolves to false when the person keeps editing: it goes on with some later navigation then, which is not the one that
 * was asked for.
 */
export function useLeaving(): (to: "/" | "/sign-in") => Promise<boolean> {
  const router = useRouter();
  return async (to) => {
    presses += 1;
    const own = presses;
    await router.navigate({ to, state: { leaving: own } });
    return router.state.location.state.leaving === own;
  };
}
