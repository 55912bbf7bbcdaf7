import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { INSPECTOR_RETRY_AFTER_MAX_S } from "../../../src/domain/inspector.ts";
import { problemFrom } from "../api/problem.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { toast } from "../ui/toast.tsx";
import { updateInspector } from "./queries.ts";

/** A form for the Retry-After value of a 429 response, in seconds. */
export function RetryAfterForm({ seconds }: { seconds: number }) {
  const queryClient = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const readOnlyReason = useReadOnlyReason();
  const [error, setError] = useState<string | undefined>();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current !== null) input.current.value = String(seconds); // someone else may have set it
  }, [seconds]);

  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get("seconds")).trim();
    const wanted = /^\d{1,4}$/.test(text) ? Number(text) : 0;
    if (wanted < 1 || wanted > INSPECTOR_RETRY_AFTER_MAX_S) {
      return setError(`Enter whole seconds from 1 to ${INSPECTOR_RETRY_AFTER_MAX_S}.`);
    }
    setIsBusy(true);
    try {
      await updateInspector(queryClient, { retry_after_seconds: wanted });
      setError(undefined);
      toast(`Saved. Retry-After is now ${wanted} s.`);
    } catch (thrown) {
      setError(problemFrom(thrown).message);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <form noValidate onSubmit={(event) => void save(event)}>
      <Field label="Retry-After in seconds" error={error}>
        {(control) => (
          <div className="flex gap-2">
            <Input
              {...control}
              ref={input}
              name="seconds"
              inputMode="numeric"
              autoComplete="off"
              defaultValue={seconds}
              readOnly={readOnlyReason !== null}
            />
            <Button type="submit" busy={isBusy} disabledReason={readOnlyReason}>
              Set
            </Button>
          </div>
        )}
      </Field>
    </form>
  );
}
