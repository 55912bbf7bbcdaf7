import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { changeSession } from "../api/client.ts";
import { lineChecks } from "../forms/line.ts";
import { z } from "../forms/schema.ts";
import { showProblem } from "../forms/show-problem.ts";
import { enterWorkspace, notifyOtherTabs } from "../session/other-tabs.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { closePopup } from "../shell/popup.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";

const NAME_LENGTH_MAX = 100;

const schema = z.object({
  name: z.string().check(...lineChecks(NAME_LENGTH_MAX), z.minLength(1, "Enter a name.")),
});

/** Creates a workspace and switches to it. */
export function NewWorkspaceDialog() {
  const readOnlyReason = useReadOnlyReason();
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { name: "" },
  });
  const { errors, isSubmitting } = form.formState;
  const create = form.handleSubmit(async (body) => {
    try {
      const { data } = await changeSession((api) => api.POST("/api/workspaces", { body }));
      notifyOtherTabs(data.id);
      enterWorkspace();
    } catch (thrown) {
      showProblem(form, ["name"], thrown);
    }
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && closePopup()}
      title="New workspace"
      description="It has its own connections, events, keys and members. You are its owner."
    >
      <form onSubmit={(event) => void create(event)} noValidate className="mt-5 flex flex-col gap-4">
        {errors.root && (
          <Notice tone="err" live>
            {errors.root.message}
          </Notice>
        )}
        <Field label="Name" error={errors.name?.message}>
          {(control) => (
            <Input {...control} {...form.register("name")} autoComplete="off" placeholder="Staging" />
          )}
        </Field>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={() => closePopup()}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isSubmitting} disabledReason={readOnlyReason}>
            Create workspace
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
