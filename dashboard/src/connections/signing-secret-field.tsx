import { RefreshCw } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { UseFormRegisterReturn } from "react-hook-form";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Field } from "../ui/field.tsx";
import { SecretInput } from "../ui/secret-input.tsx";
import { newSigningSecret } from "./signing-secret.ts";

type SigningSecretFieldProps = {
  label: string;
  note?: string;
  hint: ReactNode;
  error: string | undefined;
  field: UseFormRegisterReturn;
  onGenerate: (secret: string) => void;
  /** Reads the field's value when Copy is clicked. */
  read: () => string;
  readOnlyReason: string | null;
  /** A change of this value, as after a save, resets the field. */
  resetKey?: string | null;
};

/** A field for a signing secret, which can also be generated and copied before it is saved. */
export function SigningSecretField({
  field,
  onGenerate,
  read,
  readOnlyReason,
  resetKey = null,
  ...texts
}: SigningSecretFieldProps) {
  const [wasGenerated, setWasGenerated] = useState(false);
  const [lastResetKey, setLastResetKey] = useState(resetKey);
  if (resetKey !== lastResetKey) {
    setLastResetKey(resetKey);
    setWasGenerated(false);
  }
  const generate = () => {
    onGenerate(newSigningSecret());
    setWasGenerated(true);
  };
  return (
    <Field {...texts}>
      {(control) => (
        <div className="flex flex-wrap gap-2">
          <div className="min-w-0 flex-1 basis-64">
            <SecretInput
              {...control}
              {...field}
              revealed={wasGenerated}
              resetKey={resetKey}
              readOnly={readOnlyReason !== null}
            />
          </div>
          {wasGenerated && <CopyButton variant="secondary" text={read} what="signing secret" />}
          <Button onClick={generate} disabledReason={readOnlyReason} aria-label="Generate a signing secret">
            <RefreshCw aria-hidden className="size-4" />
            Generate
          </Button>
        </div>
      )}
    </Field>
  );
}
