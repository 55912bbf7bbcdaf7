import { zodResolver } from "@hookform/resolvers/zod";
import { useForm, useWatch } from "react-hook-form";
import { api, dataOf } from "../api/client.ts";
import type { Invitation } from "../api/types.ts";
import { z } from "../forms/schema.ts";
import { showProblem } from "../forms/show-problem.ts";
import { email } from "../session/credentials-schema.ts";
import { useSession } from "../session/session-query.ts";
import { CreateButtons } from "../ui/create-buttons.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { RadioChoice } from "../ui/radio-choice.tsx";
import { assignableRoles } from "./roles.ts";

const schema = z.object({ email, role: z.enum(["owner", "admin", "viewer"]) });

type InviteFormProps = {
  onCreated: (created: { url: string; invitation: Invitation; isMailed: boolean }) => void;
  onCancel: () => void;
};

export function InviteForm({ onCreated, onCancel }: InviteFormProps) {
  const own = useSession();
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { email: "", role: "viewer" },
  });
  const { errors, isSubmitting } = form.formState;
  const role = useWatch({ control: form.control, name: "role" });
  const invite = form.handleSubmit(async (body) => {
    try {
      const { url, data, mailed } = await dataOf(api.POST("/api/invitations", { body }));
      onCreated({ url, invitation: data, isMailed: mailed });
    } catch (thrown) {
      showProblem(form, ["email", "role"], thrown);
    }
  });
  return (
    <form onSubmit={(event) => void invite(event)} noValidate className="mt-5 flex flex-col gap-4">
      {errors.root && (
        <Notice tone="err" live>
          {errors.root.message}
        </Notice>
      )}
      <Field
        label="Email"
        hint="A new invitation to the same address replaces the previous one."
        error={errors.email?.message}
      >
        {(control) => <Input {...control} {...form.register("email")} type="email" autoComplete="off" />}
      </Field>
      <RadioChoice
        legend="Role"
        value={role}
        onChange={(value) => form.setValue("role", value)}
        options={assignableRoles(own.role)}
      />
      {own.role !== "owner" && <p className="text-table text-muted">Only owners can invite an owner.</p>}
      <CreateButtons label="Create link" isCreating={isSubmitting} onCancel={onCancel} />
    </form>
  );
}
