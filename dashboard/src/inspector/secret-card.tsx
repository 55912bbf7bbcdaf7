import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { problemFrom } from "../api/problem.ts";
import type { InspectorRead } from "../api/types.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Field } from "../ui/field.tsx";
import { SecretInput } from "../ui/secret-input.tsx";
import { toast } from "../ui/toast.tsx";
import { updateInspector } from "./queries.ts";

/** The secret that signatures are verified with: the right one or another, as in a misconfigured receiver. */
export function SecretCard({ settings }: { settings: InspectorRead["settings"] }) {
  const queryClient = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const readOnlyReason = useReadOnlyReason();
  const [error, setError] = useState<string | undefined>();
  const hasOwn = settings.has_own_secret;
  const check = useRef<HTMLButtonElement>(null);

  const change = async (secret: string | null, done: string) => {
    setError(undefined);
    setIsBusy(true);
    try {
      await updateInspector(queryClient, { secret });
      toast(done);
      return true;
    } catch (thrown) {
      setError(problemFrom(thrown).message);
      return false;
    } finally {
      setIsBusy(false);
    }
  };
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const secret = String(new FormData(form).get("secret"));
    if (secret === "") return setError("Enter a secret.");
    if (await change(secret, "Saved. The next request is verified with this secret.")) form.reset();
  };
  const goBack = async () => {
    const isRestored = await change(null, "The next request is verified with the connection's secret.");
    if (isRestored) check.current?.focus(); // the button disappears
  };
  return (
    <Card aria-labelledby="checks-with" className="flex flex-col gap-3 p-5">
      <div>
        <h2 id="checks-with" className="font-medium">
          Verify with
        </h2>
        <p role="status" className="mt-1 text-table text-muted">
          {hasOwn
            ? "A different secret, entered here. Stored encrypted and never shown."
            : "The connection's signing secret, like a correctly configured receiver."}
        </p>
      </div>
      <form noValidate onSubmit={(event) => void save(event)} className="flex flex-col gap-3">
        <Field
          label={hasOwn ? "Replace the secret" : "A different secret"}
          error={error}
          hint="Shows what a receiver with the wrong secret would see."
        >
          {(control) => <SecretInput {...control} name="secret" readOnly={readOnlyReason !== null} />}
        </Field>
        <div className="flex flex-wrap gap-2">
          <Button ref={check} type="submit" busy={isBusy} disabledReason={readOnlyReason}>
            Verify with this secret
          </Button>
          {hasOwn && (
            <Button variant="quiet" disabledReason={readOnlyReason} onClick={() => void goBack()}>
              Use the connection's secret
            </Button>
          )}
        </div>
      </form>
    </Card>
  );
}
