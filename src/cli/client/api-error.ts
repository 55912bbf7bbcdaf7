import { CommandError } from "../command-error.ts";
import { printable } from "../printable.ts";

/** The body of an API error (RFC 9457). */
export type Problem = {
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly request_id?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
};

/** An error response of the server. The message says why, what to do, and where that is explained. */
export class ApiError extends CommandError {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string | null;

  constructor(status: number, problem: Problem) {
    super(describeProblem(status, problem));
    this.status = status;
    this.code = problem.code ?? null;
  }
}

/** Fixes that the server cannot know, because they are in this command's environment. */
const FIXES: Readonly<Record<string, string>> = {
  unauthenticated:
    "Set OPENSEND_API_KEY to a key of this server. Create one with `opensend api-keys create`, or in the dashboard under API keys.",
  forbidden: "Set OPENSEND_API_KEY to a key with more access.",
};

function describeProblem(status: number, problem: Problem): string {
  const { detail, title, code = "", errors = [], type, request_id } = problem;
  const lines = [
    detail ?? title ?? `The server refused the request with status ${status}.`,
    ...errors.map(({ path, message }) => `  ${path}: ${message}`),
    ...(FIXES[code] === undefined ? [] : [FIXES[code]]),
    ...(type === undefined
      ? []
      : [`See ${type}${request_id === undefined ? "" : ` (request ${request_id})`}`]),
  ];
  return printable(lines.join("\n"));
}
