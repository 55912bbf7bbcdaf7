import { zodResolver } from "@hookform/resolvers/zod";
import { useEffect, useState } from "react";
import { useForm } from "react-hook-form";
import { api, responseOf } from "../api/client.ts";
import { z } from "../forms/schema.ts";
import { showProblem } from "../forms/show-problem.ts";
import { focusHeading } from "../navigation/focus-heading.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { email } from "./credentials-schema.ts";

const schema = z.object({ email });

/** Requests a reset link. The message is the same whether the account exists or not. */
export function ForgotForm() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { email: "" },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (body) => {
    try {
      await responseOf(api.POST("/api/password-resets", { body }));
      setSentTo(body.email);
    } catch (thrown) {
      showProblem(form, ["email"], thrown);
    }
  });
  if (sentTo !== null) return <Sent to={sentTo} />;
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
      <Button type="submit" variant="primary" busy={isSubmitting}>
        Mail me a link
      </Button>
    </form>
  );
}

function Sent({ to }: { to: string }) {
  useEffect(focusHeading, []); // the form and its focus are gone
  return (
    <Notice tone="ok" live title="Check your mail">
      If there is an account for {to}, a link is on its way. It works once, for one hour.
    </Notice>
  );
}
