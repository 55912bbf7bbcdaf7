import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef } from "react";
import { useForm } from "react-hook-form";
import { z } from "../../forms/schema.ts";
import { showProblem } from "../../forms/show-problem.ts";
import { CreateButtons } from "../../ui/create-buttons.tsx";
import { Field } from "../../ui/field.tsx";
import { Select } from "../../ui/input.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SecretInput } from "../../ui/secret-input.tsx";
import { rotateSecret } from "../change-connection.ts";
import { secret } from "../connection-fields.ts";
import type { ConnectionRead } from "../queries.ts";
import { newSigningSecret } from "../signing-secret.ts";

const OVERLAPS = [
  { hours: "0", label: "Not at all" },
  { hours: "1", label: "One hour" },
  { hours: "24", label: "24 hours" },
  { hours: "168", label: "7 days" },
];

const schema = z.object({ signing_secret: secret, overlap_hours: z.string() });

type RotateSecretFormProps = {
  /** Kept up to date, so that a retry after a conflict applies to the current version. */
  read: ConnectionRead;
  onRotated: (newSecret: string | null) => void;
  onCancel: () => void;
};

export function RotateSecretForm({ read, onRotated, onCancel }: RotateSecretFormProps) {
  const queryClient = useQueryClient();
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { signing_secret: "", overlap_hours: "24" },
  });
  // A retry after a lost response reuses the secret, so that the secret shown is the one that signs.
  const generated = useRef<string | null>(null);
  const { errors, isSubmitting } = form.formState;
  const rotate = form.handleSubmit(async ({ signing_secret, overlap_hours }) => {
    try {
      if (signing_secret === "") generated.current ??= newSigningSecret();
      else generated.current = null;
      await rotateSecret(queryClient, read, {
        signingSecret: generated.current ?? signing_secret,
        overlapHours: Number(overlap_hours),
      });
      onRotated(generated.current);
    } catch (thrown) {
      showProblem(form, ["signing_secret", "overlap_hours"], thrown);
    }
  });
  const submit = (event: FormEvent) => {
    // The dialog is inside the settings form, which would also submit.
    event.stopPropagation();
    void rotate(event);
  };

  return (
    <form onSubmit={submit} noValidate className="mt-5 flex flex-col gap-4">
      {errors.root && (
        <Notice tone="err" live>
          {errors.root.message}
        </Notice>
      )}
      <Field
        label="New secret"
        note="optional"
        hint="Leave it empty to generate one in this browser. It is shown once."
        error={errors.signing_secret?.message}
      >
        {(control) => <SecretInput {...control} {...form.register("signing_secret")} />}
      </Field>
      <Field label="The old secret signs too for" error={errors.overlap_hours?.message}>
        {(control) => (
          <Select {...control} {...form.register("overlap_hours")}>
            {OVERLAPS.map(({ hours, label }) => (
              <option key={hours} value={hours}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <CreateButtons label="Rotate" isCreating={isSubmitting} onCancel={onCancel} />
    </form>
  );
}
