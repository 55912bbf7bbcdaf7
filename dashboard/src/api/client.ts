import createClient from "openapi-fetch";
import { problemOf, unreachable } from "./problem.ts";
import type { paths } from "./schema.generated.ts";

type Client = ReturnType<typeof createClient<paths>>;

export const api = createClient<paths>({ baseUrl: location.origin });
/** For calls that switch or end the session: these are never delayed or aborted. */
const sessionApi = createClient<paths>({ baseUrl: location.origin });

let shownWorkspaceId: () => string | null = () => null;

/**
 * Registers the function that returns the workspace the page shows. Every call names it, so that the server never
 * responds with another workspace's data.
 */
export function provideWorkspaceId(read: () => string | null): void {
  shownWorkspaceId = read;
}

/**
 * How long other calls wait for the page to be replaced after the session has changed. A person can choose to stay on
 * the page.
 */
const REPLACED_WITHIN_MS = 5_000;

let sessionChange: Promise<void> = Promise.resolve();
let reading = new AbortController();

for (const client of [api, sessionApi]) {
  client.use({
    onRequest: ({ request }) => {
      const id = shownWorkspaceId();
      if (id !== null) request.headers.set("opensend-workspace", id);
    },
  });
}

api.use({
  onRequest: async ({ request }) => {
    await sessionChange;
    if (request.method !== "GET") return undefined;
    return new Request(request, { signal: AbortSignal.any([request.signal, reading.signal]) });
  },
});

/**
 * Makes a call that switches the session to another workspace, or ends it, and returns the response's body. Running
 * reads are aborted, and new calls wait until the page is replaced: the session would be in another workspace than the
 * page names. Calls continue when this one fails, or after `replacedWithinMs`.
 */
export async function changeSession<Data>(
  call: (client: Client) => Promise<CallResult<Data>>,
  replacedWithinMs = REPLACED_WITHIN_MS,
): Promise<Data> {
  const { promise, resolve: unblock } = Promise.withResolvers<void>();
  sessionChange = promise;
  reading.abort();
  reading = new AbortController();
  try {
    const data = await dataOf(call(sessionApi));
    setTimeout(unblock, replacedWithinMs);
    return data;
  } catch (thrown) {
    unblock();
    throw thrown;
  }
}

type CallResult<Data> = { data?: Data | undefined; error?: unknown; response: Response };
type ApiResponse<Data> = { readonly data: Data; readonly response: Response };

let whenSignedOut: () => void = () => {};

/** Registers a callback for when the server no longer knows the session. */
export function onSignedOut(listener: () => void): void {
  whenSignedOut = listener;
}

let whenWorkspaceChanged: () => void = () => {};

/** Registers a callback for when the session is in another workspace than the page shows. */
export function onWorkspaceChanged(listener: () => void): void {
  whenWorkspaceChanged = listener;
}

/** Waits for a call and returns its data and response; throws a `Problem` for every other result. */
export async function responseOf<Data>(call: Promise<CallResult<Data>>): Promise<ApiResponse<Data>> {
  const { data, error, response } = await call.catch(() => {
    throw unreachable();
  });
  if (!response.ok) {
    const problem = problemOf(response, error);
    if (problem.code === "unauthenticated") whenSignedOut();
    if (problem.code === "workspace_changed") whenWorkspaceChanged();
    throw problem;
  }
  return { data: data as Data, response };
}

/** Like `responseOf`, but returns only the response's body. */
export async function dataOf<Data>(call: Promise<CallResult<Data>>): Promise<Data> {
  return (await responseOf(call)).data;
}
