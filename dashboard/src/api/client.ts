import createClient from "openapi-fetch";
import { problemOf, unreachable } from "./problem.ts";
import type { paths } from "./schema.generated.ts";

export const api = createClient<paths>({ baseUrl: location.origin });

type Settled<Data> = { data?: Data | undefined; error?: unknown; response: Response };
type Answer<Data> = { readonly data: Data; readonly response: Response };

let whenSignedOut: () => void = () => {};

/** Registers what happens when the server no longer knows the session. */
export function onSignedOut(listener: () => void): void {
  whenSignedOut = listener;
}

/** Waits for a call and gives its answer; throws a `Problem` for every other outcome. */
export async function answerOf<Data>(call: Promise<Settled<Data>>): Promise<Answer<Data>> {
  const { data, error, response } = await call.catch(() => {
    throw unreachable();
  });
  if (!response.ok) {
    const problem = problemOf(response, error);
    if (problem.code === "unauthenticated") whenSignedOut();
    throw problem;
  }
  return { data: data as Data, response };
}

/** The answer's body alone. */
export async function dataOf<Data>(call: Promise<Settled<Data>>): Promise<Data> {
  return (await answerOf(call)).data;
}
