import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./api/problem.ts";

const RETRIES_MAX = 2;
const OUTAGE_PAUSE_MS_MIN = 2_000;
const OUTAGE_PAUSE_MS_MAX = 30_000;

/**
 * Send requests even when the browser believes it is offline: the server may run on this machine, and a failed request
 * is shown as such.
 */
const NETWORK_MODE = "always";

/** Server state for the whole app. Secrets never pass through it: forms with secrets call the API directly. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: NETWORK_MODE,
      staleTime: 5_000,
      // The page's loader has just tried; the page shows why it failed and offers a retry.
      retryOnMount: false,
      retry: (failures, error) => failures < RETRIES_MAX && isTransient(error),
      // Pages recover by themselves after an outage.
      refetchInterval: ({ state }) =>
        isTransient(state.error) ? outagePauseMs(state.errorUpdateCount) : false,
    },
    mutations: { networkMode: NETWORK_MODE, retry: false },
  },
});

/** Whether a retry can help: there was no response, or a 5xx. After any other error it cannot. */
function isTransient(error: unknown): boolean {
  return error instanceof Problem && (error.status === 0 || error.status >= 500);
}

function outagePauseMs(failures: number): number {
  return Math.min(OUTAGE_PAUSE_MS_MIN * 2 ** Math.max(0, failures - 1), OUTAGE_PAUSE_MS_MAX);
}
