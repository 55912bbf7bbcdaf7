import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./api/problem.ts";

const RETRIES_MAX = 2;
const OUTAGE_PAUSE_MS_MIN = 2_000;
const OUTAGE_PAUSE_MS_MAX = 30_000;

/** Also when the browser believes that it is offline: the server may be this machine, and not answering is a response. */
const NETWORK_MODE = "always";

/** Server state for the whole app. Nothing secret goes through it: forms with secrets call the API directly. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: NETWORK_MODE,
      staleTime: 5_000,
      // A page's loader has just tried; the page shows why it failed and offers another try.
      retryOnMount: false,
      retry: (failures, error) => failures < RETRIES_MAX && isPassing(error),
      // After an outage pages come back by themselves.
      refetchInterval: ({ state }) =>
        isPassing(state.error) ? outagePauseMs(state.errorUpdateCount) : false,
    },
    mutations: { networkMode: NETWORK_MODE, retry: false },
  },
});

/** No response, or one that says "later": worth another try. A refusal is not. */
function isPassing(error: unknown): boolean {
  return error instanceof Problem && (error.status === 0 || error.status >= 500);
}

function outagePauseMs(failures: number): number {
  return Math.min(OUTAGE_PAUSE_MS_MIN * 2 ** Math.max(0, failures - 1), OUTAGE_PAUSE_MS_MAX);
}
