import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { api, dataOf } from "../api/client.ts";
import { showProblem } from "../forms/show-problem.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { SecretInput } from "../ui/secret-input.tsx";
import { type Credentials, signInSchema } from "./credentials-schema.ts";
import { LockNotice } from "./lock-notice.tsx";
import { sessionQuery } from "./session-query.ts";
import { useSecondsUntil } from "./use-seconds-until.ts";

type SignInFormProps = { returnTo: string };

export function SignInForm({ returnTo }: SignInFormProps) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const [lockedUntilMs, setLockedUntilMs] = useState(0);
  const waitSeconds = useSecondsUntil(lockedUntilMs);
  const form = useForm<Credentials>({
    resolver: zodResolver(signInSchema),
    defaultValues: { email: "", password: "" },
  });
  const { errors, isSubmitting } = form.formState;

  const submit = form.handleSubmit(async (values) => {
    try {
      const result = await dataOf(api.POST("/api/session", { body: values }));
      form.reset();
      queryClient.setQueryData(sessionQuery.queryKey, result.data);
      router.history.replace(returnTo);
    } catch (thrown) {
      const problem = showProblem(form, ["email", "password"], thrown);
      form.resetField("password", { keepError: true });
      if (problem.code === "invalid_sign_in") form.setFocus("password");
      if (problem.retryAfterSeconds !== null) setLockedUntilMs(Date.now() + problem.retryAfterSeconds * 1000);
    }
  });

  const isLocked = waitSeconds > 0;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {isLocked && <LockNotice seconds={waitSeconds} />}
      {!isLocked && errors.root && (
        <Notice tone="err" live>
          {errors.root.type === "invalid_sign_in" ? "Email or password is wrong." : errors.root.message}
        </Notice>
      )}
      <Field label="Email" error={errors.email?.message}>
        {(control) => (
          <Input
            {...control}
            {...form.register("email")}
            type="email"
            autoComplete="username"
            data-start-here
          />
        )}
      </Field>
      <Field label="Password" error={errors.password?.message}>
        {(control) => (
          <SecretInput {...control} {...form.register("password")} autoComplete="current-password" />
        )}
      </Field>
      <Button
        type="submit"
        variant="primary"
        busy={isSubmitting}
        disabledReason={isLocked ? "Too many attempts. Wait until the time above has passed." : null}
      >
        Sign in
      </Button>
    </form>
  );
}
