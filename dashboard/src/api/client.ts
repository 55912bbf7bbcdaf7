import createClient from "openapi-fetch";
import { problemOf, unreachable } from "./problem.ts";
import type { paths } from "./schema.generated.ts";

export const api = createClient<paths>({ baseUrl: location.origin });

let shownWorkspaceId: () => string | null = () => null;

/** Registers how to learn which workspace the page shows: no call is answered from another one. */
export function nameWorkspace(read: () => string | null): void {
  shownWorkspaceId = read;
}

api.use({
  onRequest: ({ request }) => {
    const id = shownWorkspaceId();
    if (id !== null) request.headers.set("opensend-workspace", id);
  },
});

type Settled<Data> = { data?: Data | undefined; error?: unknown; response: Response };
type Answer<Data> = { readonly data: Data; readonly response: Response };

let whenSignedOut: () => void = () => {};

/** Registers what happens when the server no longer knows the session. */
export function onSignedOut(listener: () => void): void {
  whenSignedOut = listener;
}

let whenWorkspaceChanged: () => void = () => {};

/** Registers what happens when the session is in another workspace than the page shows. */
export function onWorkspaceChanged(listener: () => void): void {
  whenWorkspaceChanged = listener;
}

/** Waits for a call and gives its answer; throws a `Problem` for every other outcome. */
export async function answerOf<Data>(call: Promise<Settled<Data>>): Promise<Answer<Data>> {
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

/** The answer's body alone. */
export async function dataOf<Data>(call: Promise<Settled<Data>>): Promise<Data> {
  return (await answerOf(call)).data;
}
