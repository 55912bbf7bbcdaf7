import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { lineChecks } from "../forms/line.ts";
import { z } from "../forms/schema.ts";
import { showProblem } from "../forms/show-problem.ts";
import { newPassword, ownPassword } from "../session/credentials-schema.ts";
import { LockNotice } from "../session/lock-notice.tsx";
import { useSecondsUntil } from "../session/use-seconds-until.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { SecretInput } from "../ui/secret-input.tsx";
import { type InvitationLookup, invitationQuery } from "./invitation-query.ts";
import { join } from "./join.ts";

const NAME_LENGTH_MAX = 100;

const newAccount = z.object({
  name: z.string().check(...lineChecks(NAME_LENGTH_MAX), z.minLength(1, "Enter the name that others see.")),
  password: newPassword,
});
const ownAccount = z.object({ name: z.string(), password: ownPassword });

/** Joins with a new account, or with the password of an existing one. */
export function JoinForm({ invitation }: { invitation: InvitationLookup }) {
  const { has_account: hasAccount, email } = invitation;
  const queryClient = useQueryClient();
  const [lockedUntilMs, setLockedUntilMs] = useState(0);
  const waitSeconds = useSecondsUntil(lockedUntilMs);
  const form = useForm<z.infer<typeof newAccount>>({
    resolver: zodResolver(hasAccount ? ownAccount : newAccount),
    defaultValues: { name: "", password: "" },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ name, password }) => {
    try {
      await join(hasAccount ? { password } : { name, password });
      form.reset();
    } catch (thrown) {
      const problem = showProblem(form, ["name", "password"], thrown);
      if (hasAccount) form.resetField("password", { keepError: true });
      if (problem.code === "invalid_sign_in") form.setFocus("password");
      if (problem.retryAfterSeconds !== null) setLockedUntilMs(Date.now() + problem.retryAfterSeconds * 1000);
      const isOther = problem.code === "invitation_invalid" || problem.code === "email_taken";
      if (isOther) await queryClient.invalidateQueries(invitationQuery);
    }
  });
  const isLocked = waitSeconds > 0;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {isLocked && <LockNotice seconds={waitSeconds} />}
      {!isLocked && errors.root && (
        <Notice tone="err" live>
          {errors.root.type === "invalid_sign_in" ? "The password is wrong." : errors.root.message}
        </Notice>
      )}
      <Field
        label="Email"
        {...(hasAccount && { hint: "There is an account with this email. Join with its password." })}
      >
        {(control) => <Input {...control} type="email" autoComplete="username" value={email} readOnly />}
      </Field>
      {!hasAccount && (
        <Field label="Name" hint="Others in the workspace see it." error={errors.name?.message}>
          {(control) => <Input {...control} {...form.register("name")} autoComplete="name" data-start-here />}
        </Field>
      )}
      <Field
        label="Password"
        {...(!hasAccount && { hint: "At least 12 characters. A short sentence works well." })}
        error={errors.password?.message}
      >
        {(control) => (
          <SecretInput
            {...control}
            {...form.register("password")}
            autoComplete={hasAccount ? "current-password" : "new-password"}
            {...(hasAccount && { "data-start-here": true })}
          />
        )}
      </Field>
      <Button
        type="submit"
        variant="primary"
        busy={isSubmitting}
        disabledReason={isLocked ? "Wait until the time above has passed." : null}
      >
        Join
      </Button>
    </form>
  );
}
