import { type FormEvent, useRef, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Field } from "../../ui/field.tsx";
import { TextArea } from "../../ui/input.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SecretInput } from "../../ui/secret-input.tsx";
import { checkRequest, type Verdict } from "./check-request.ts";

/** Verifies a request in the browser. The secret exists only in its input field, and is gone when the page is left. */
export function CheckForm() {
  const secret = useRef<HTMLInputElement>(null);
  const request = useRef<HTMLTextAreaElement>(null);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const canCheck = globalThis.isSecureContext;

  const check = async (event: FormEvent) => {
    event.preventDefault();
    const typed = secret.current?.value ?? "";
    if (typed === "") return setVerdict({ isValid: false, lines: ["Enter the signing secret."] });
    setVerdict(await checkRequest(request.current?.value ?? "", typed, Date.now()));
  };

  return (
    <Card aria-labelledby="check-request" className="p-5">
      <h2 id="check-request" className="text-card font-semibold">
        Verify a request
      </h2>
      <p className="mt-1 max-w-prose text-muted">
        Paste a request to verify both signatures in this browser. Neither the secret nor the request is sent
        or stored.
      </p>
      {!canCheck && (
        <Notice tone="info" className="mt-3">
          Browsers compute signatures only on https and localhost. Open the dashboard there to verify a
          request.
        </Notice>
      )}
      <form onSubmit={(event) => void check(event)} noValidate className="mt-4 flex flex-col gap-4">
        <Field label="Signing secret">{(control) => <SecretInput {...control} ref={secret} />}</Field>
        <Field label="Request" hint="Headers, an empty line, then the body exactly as sent.">
          {(control) => (
            <TextArea
              {...control}
              ref={request}
              rows={8}
              spellCheck={false}
              autoComplete="off"
              className="font-mono"
              onChange={() => setVerdict(null)}
            />
          )}
        </Field>
        {verdict && (
          <Notice tone={verdict.isValid ? "ok" : "err"} live>
            {verdict.lines.map((line) => (
              <p key={line}>{line}</p>
            ))}
          </Notice>
        )}
        <div>
          <Button
            type="submit"
            disabledReason={canCheck ? null : "Browsers compute signatures only on https and localhost."}
          >
            Verify signatures
          </Button>
        </div>
      </form>
    </Card>
  );
}
