import type { Ref } from "react";
import { problemFrom } from "../api/problem.ts";
import { leaveFocusToTitle } from "../navigation/focus-heading.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

type LoadProblemProps = {
  what: string;
  error: unknown;
  onRetry: () => void;
  /** Moves the focus on when the button disappears. */
  retryRef?: Ref<HTMLButtonElement>;
};

/** Shown in place of data that could not be loaded. */
export function LoadProblem({ what, error, onRetry, retryRef = leaveFocusToTitle }: LoadProblemProps) {
  return (
    <Notice
      tone="err"
      live
      title={`${what} could not be loaded`}
      action={
        <Button ref={retryRef} onClick={onRetry}>
          Try again
        </Button>
      }
    >
      {problemFrom(error).message}
    </Notice>
  );
}
