import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { api, responseOf } from "../../api/client.ts";
import { showProblem } from "../../forms/show-problem.ts";
import { useSecondsUntil } from "../../session/use-seconds-until.ts";
import { waitWords } from "../../text/wait-words.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SecretInput } from "../../ui/secret-input.tsx";
import { toast } from "../../ui/toast.tsx";
import { sessionsQuery } from "../queries.ts";
import { NO_PASSWORDS, type PasswordValues } from "./account-schema.ts";

type PasswordFormProps = { form: UseFormReturn<PasswordValues>; email: string };

/** Both passwords exist only in their inputs, and are cleared after each use. */
export function PasswordForm({ form, email }: PasswordFormProps) {
  const queryClient = useQueryClient();
  const [lockedUntilMs, setLockedUntilMs] = useState(0);
  const waitSeconds = useSecondsUntil(lockedUntilMs);
  // Counted so that each change hides revealed passwords again.
  const [changes, setChanges] = useState(0);
  const { errors, isDirty, isSubmitting } = form.formState;
  const isLocked = waitSeconds > 0;
  const save = form.handleSubmit(async (values) => {
    try {
      await responseOf(api.POST("/api/account/password", { body: values }));
      form.reset(NO_PASSWORDS);
      setChanges(changes + 1);
      toast("Password changed. Your other sessions have ended.");
      await queryClient.invalidateQueries(sessionsQuery);
    } catch (thrown) {
      const problem = showProblem(form, ["current_password", "new_password"], thrown);
      if (problem.fields.some(({ path }) => path === "current_password")) {
        form.resetField("current_password", { keepError: true, defaultValue: "" });
        form.setFocus("current_password");
      }
      if (problem.retryAfterSeconds === null) return;
      form.clearErrors("root"); // the countdown says more
      setLockedUntilMs(Date.now() + problem.retryAfterSeconds * 1000);
    }
  });
  return (
    <form onSubmit={(event) => void save(event)} noValidate className="flex flex-col gap-4">
      {isLocked && (
        <Notice tone="warn" live title="Too many wrong passwords">
          Try again in{" "}
          <span role="timer" className="font-medium">
            {waitWords(waitSeconds)}
          </span>
          .
        </Notice>
      )}
      {!isLocked && errors.root && (
        <Notice tone="err" live>
          {errors.root.message}
        </Notice>
      )}
      {/* Tells password managers which account the password belongs to. */}
      <input type="text" autoComplete="username" value={email} readOnly hidden />
      <Field label="Current password" error={errors.current_password?.message}>
        {(control) => (
          <SecretInput
            resetKey={changes}
            {...control}
            {...form.register("current_password")}
            autoComplete="current-password"
          />
        )}
      </Field>
      <Field
        label="New password"
        hint="At least 12 characters. A short sentence works well."
        error={errors.new_password?.message}
      >
        {(control) => <SecretInput resetKey={changes} {...control} {...form.register("new_password")} />}
      </Field>
      <Button
        type="submit"
        variant="primary"
        className="self-start"
        busy={isSubmitting}
        disabledReason={disabledReason(isLocked, isDirty)}
      >
        Change password
      </Button>
    </form>
  );
}

function disabledReason(isLocked: boolean, isDirty: boolean): string | null {
  if (isLocked) return "Too many attempts. Wait until the time above has passed.";
  return isDirty ? null : "Enter your passwords first.";
}
