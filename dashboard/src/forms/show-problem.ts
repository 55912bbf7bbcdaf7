import type { FieldValues, Path, UseFormReturn } from "react-hook-form";
import { type Problem, problemFrom } from "../api/problem.ts";

/** Shows a problem from the server at the fields it names, or above the form when it names none. */
export function showProblem<Values extends FieldValues>(
  form: Pick<UseFormReturn<Values>, "setError">,
  fields: readonly Path<Values>[],
  thrown: unknown,
): Problem {
  const problem = problemFrom(thrown);
  let placed = false;
  for (const { path, message } of problem.fields) {
    const field = fields.find((field) => path === field || path.startsWith(`${field}.`));
    if (field === undefined) continue;
    form.setError(field, { type: "server", message }, { shouldFocus: !placed });
    placed = true;
  }
  if (!placed) form.setError("root", { type: problem.code, message: problem.message });
  return problem;
}
