import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useForm, useWatch } from "react-hook-form";
import { EVENT_TYPE_LENGTH_MAX } from "../../../src/domain/event-type-pattern.ts";
import { api, dataOf } from "../api/client.ts";
import { DocsLink } from "../docs/docs-link.tsx";
import { z } from "../forms/schema.ts";
import { showProblem } from "../forms/show-problem.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { CodePanel } from "../ui/code-panel.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { Input, TextArea } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { toast } from "../ui/toast.tsx";
import { eventBody, eventCurl, faultOfData } from "./event-request.ts";

const schema = z
  .object({
    type: z
      .string()
      .check(
        z.trim(),
        z.minLength(1, "Enter an event type, such as order.paid."),
        z.maxLength(EVENT_TYPE_LENGTH_MAX, `Use at most ${EVENT_TYPE_LENGTH_MAX} characters.`),
      ),
    data: z.string(),
  })
  .check((context) => {
    const message = faultOfData(context.value.data);
    if (message !== null) {
      context.issues.push({ code: "custom", message, path: ["data"], input: context.value.data });
    }
  });

/** Sends an event from the dashboard, and shows how an app sends it. */
export function SendEventDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { type: "order.paid", data: '{"order_id": 42}' },
  });
  const { errors, isSubmitting } = form.formState;
  const [type, data] = useWatch({ control: form.control, name: ["type", "data"] });
  const curl = eventCurl(location.origin, type, data);

  const send = form.handleSubmit(async ({ type, data }) => {
    try {
      const result = await dataOf(
        api.POST("/api/events", {
          body: { type, data: {} },
          bodySerializer: () => eventBody(type, data),
          headers: { "content-type": "application/json" },
        }),
      );
      void queryClient.invalidateQueries({ queryKey: ["events"] });
      toast("Event accepted.");
      await navigate({ to: "/events/$id", params: { id: result.data.id } });
    } catch (thrown) {
      showProblem(form, ["type", "data"], thrown);
    }
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Send event"
      description="Sends a real event to every connection that receives this type."
    >
      <form onSubmit={(event) => void send(event)} noValidate className="mt-5 flex flex-col gap-4">
        {errors.root && (
          <Notice tone="err" live>
            {errors.root.message}
          </Notice>
        )}
        <Field label="Type" error={errors.type?.message}>
          {(control) => (
            <Input
              {...control}
              {...form.register("type")}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
        </Field>
        <Field label="Data" hint="A JSON object. Sent exactly as written." error={errors.data?.message}>
          {(control) => (
            <TextArea
              {...control}
              {...form.register("data")}
              rows={5}
              className="font-mono"
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
        </Field>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isSubmitting} disabledReason={readOnlyReason}>
            Send event
          </Button>
        </div>
        <div className="border-t border-line pt-3">
          <CodePanel
            title="Send it from your app"
            text={curl}
            actions={<CopyButton text={() => curl} what="curl command" />}
          />
          <p className="mt-2 text-table text-muted">
            Requires an{" "}
            <Link to="/api-keys" className="font-medium text-accent underline">
              API key
            </Link>{" "}
            with sending access in <code className="font-mono">OPENSEND_API_KEY</code>.{" "}
            <DocsLink topic="sending events" />
          </p>
        </div>
      </form>
    </Dialog>
  );
}
