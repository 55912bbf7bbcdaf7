import { useRouter } from "@tanstack/react-router";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** The number of the `useLeaving` call that led here. */
    leaving?: number;
  }
}

let presses = 0;

/**
 * Goes to another page before an irreversible step, so that the person is asked about unsaved changes first. Resolves
 * to false when they keep editing, though only with their next navigation.
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
