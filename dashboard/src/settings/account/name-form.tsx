import { useQueryClient } from "@tanstack/react-query";
import type { UseFormReturn } from "react-hook-form";
import { api, dataOf } from "../../api/client.ts";
import { showProblem } from "../../forms/show-problem.ts";
import { sessionQuery } from "../../session/session-query.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toast } from "../../ui/toast.tsx";
import type { NameValues } from "./account-schema.ts";

type NameFormProps = { form: UseFormReturn<NameValues>; email: string };

export function NameForm({ form, email }: NameFormProps) {
  const queryClient = useQueryClient();
  const { errors, isDirty, isSubmitting } = form.formState;
  const save = form.handleSubmit(async (values) => {
    try {
      const { data: user } = await dataOf(api.PATCH("/api/account", { body: values }));
      queryClient.setQueryData(sessionQuery.queryKey, (session) => session && { ...session, user });
      form.reset({ name: user.name });
      toast("Saved.");
    } catch (thrown) {
      showProblem(form, ["name"], thrown);
    }
  });
  return (
    <form onSubmit={(event) => void save(event)} noValidate className="flex flex-col gap-4">
      {errors.root && (
        <Notice tone="err" live>
          {errors.root.message}
        </Notice>
      )}
      <Field label="Name" error={errors.name?.message} hint={`You sign in as ${email}.`}>
        {(control) => <Input {...control} {...form.register("name")} autoComplete="name" />}
      </Field>
      <Button
        type="submit"
        variant="primary"
        className="self-start"
        busy={isSubmitting}
        disabledReason={isDirty ? null : "No changes to save."}
      >
        Save name
      </Button>
    </form>
  );
}
