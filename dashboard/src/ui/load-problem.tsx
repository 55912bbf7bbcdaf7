import { problemFrom } from "../api/problem.ts";
import { leaveFocusToTitle } from "../navigation/focus-heading.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

type LoadProblemProps = { what: string; error: unknown; onRetry: () => void };

/** Stands where something could not be read. */
export function LoadProblem({ what, error, onRetry }: LoadProblemProps) {
  return (
    <Notice
      tone="err"
      live
      title={`${what} could not be loaded`}
      action={
        <Button ref={leaveFocusToTitle} onClick={onRetry}>
          Try again
        </Button>
      }
    >
      {problemFrom(error).message}
    </Notice>
  );
}
