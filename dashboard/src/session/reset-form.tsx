import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { api, responseOf } from "../api/client.ts";
import { z } from "../forms/schema.ts";
import { showProblem } from "../forms/show-problem.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { SecretInput } from "../ui/secret-input.tsx";
import { newPassword } from "./credentials-schema.ts";

const schema = z.object({ password: newPassword });

type ResetFormProps = { token: string; onDone: () => void; onInvalid: () => void };

export function ResetForm({ token, onDone, onInvalid }: ResetFormProps) {
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { password: "" },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ password }) => {
    try {
      await responseOf(api.POST("/api/password-resets/complete", { body: { token, password } }));
      form.reset();
      onDone();
    } catch (thrown) {
      if (showProblem(form, ["password"], thrown).code === "password_reset_invalid") onInvalid();
    }
  });
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {errors.root && (
        <Notice tone="err" live>
          {errors.root.message}
        </Notice>
      )}
      <Field label="New password" hint="At least 12 characters." error={errors.password?.message}>
        {(control) => (
          <SecretInput
            {...control}
            {...form.register("password")}
            autoComplete="new-password"
            data-start-here
          />
        )}
      </Field>
      <Button type="submit" variant="primary" busy={isSubmitting}>
        Set password
      </Button>
    </form>
  );
}
