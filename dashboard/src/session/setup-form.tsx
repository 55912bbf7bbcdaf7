import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { api, dataOf } from "../api/client.ts";
import { showProblem } from "../forms/show-problem.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { SecretInput } from "../ui/secret-input.tsx";
import { type Credentials, setupSchema } from "./credentials-schema.ts";
import { sessionQuery } from "./session-query.ts";
import { setupQuery } from "./setup-query.ts";
import { forgetSetupToken } from "./setup-token.ts";

export function SetupForm({ token }: { token: string }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const form = useForm<Credentials>({
    resolver: zodResolver(setupSchema),
    defaultValues: { email: "", password: "" },
  });
  const { errors, isSubmitting } = form.formState;

  const submit = form.handleSubmit(async (values) => {
    try {
      const result = await dataOf(api.POST("/api/setup", { body: { token, ...values } }));
      forgetSetupToken();
      form.reset();
      queryClient.setQueryData(sessionQuery.queryKey, result.data);
      queryClient.setQueryData(setupQuery.queryKey, (known) => known && { ...known, open: false });
      await navigate({ to: "/", replace: true });
    } catch (thrown) {
      const problem = showProblem(form, ["email", "password"], thrown);
      if (problem.code === "setup_closed") await queryClient.invalidateQueries(setupQuery);
    }
  });

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {errors.root && (
        <Notice tone="err" live>
          {errors.root.message}
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
      <Field
        label="Password"
        hint="At least 12 characters. A short sentence works well."
        error={errors.password?.message}
      >
        {(control) => <SecretInput {...control} {...form.register("password")} />}
      </Field>
      <Button type="submit" variant="primary" busy={isSubmitting}>
        Create account
      </Button>
    </form>
  );
}
