import { useForm } from "react-hook-form";
import { api, dataOf } from "../api/client.ts";
import type { ApiKey } from "../api/types.ts";
import { showProblem } from "../forms/show-problem.ts";
import { CreateButtons } from "../ui/create-buttons.tsx";
import { Notice } from "../ui/notice.tsx";
import { LifetimeField } from "./lifetime-field.tsx";
import { expiryAfter, lifetimeLike } from "./lifetimes.ts";

type ReplaceKeyFormProps = { apiKey: ApiKey; onCreated: (key: string) => void; onCancel: () => void };

export function ReplaceKeyForm({ apiKey, onCreated, onCancel }: ReplaceKeyFormProps) {
  const form = useForm({ defaultValues: { lifetimeDays: lifetimeLike(apiKey) } });
  const { errors, isSubmitting } = form.formState;
  const create = form.handleSubmit(async ({ lifetimeDays }) => {
    const { id, name, access, event_types } = apiKey;
    try {
      const result = await dataOf(
        api.POST("/api/api-keys", {
          body: {
            name,
            access,
            event_types,
            // The API links two keys only so that they manage the same connections.
            replaces: access === "connections" ? id : null,
            expires_at: expiryAfter(lifetimeDays),
          },
        }),
      );
      onCreated(result.key);
    } catch (thrown) {
      showProblem(form, [], thrown);
    }
  });

  return (
    <form onSubmit={(event) => void create(event)} noValidate className="mt-5 flex flex-col gap-4">
      {errors.root && (
        <Notice tone="err" live>
          {errors.root.message}
        </Notice>
      )}
      <LifetimeField label="The new key expires" registration={form.register("lifetimeDays")} />
      <CreateButtons label="Create key" isCreating={isSubmitting} onCancel={onCancel} />
    </form>
  );
}
