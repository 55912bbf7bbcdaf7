import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type BaseSyntheticEvent, useEffect, useRef, useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { api, responseOf } from "../api/client.ts";
import { EventTypePicker } from "../filters/event-type-picker.tsx";
import { lazyValidation } from "../forms/lazy-validation.ts";
import { requestKeys } from "../forms/request-keys.ts";
import { showProblem } from "../forms/show-problem.ts";
import { useOneAtATime } from "../forms/use-one-at-a-time.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { toast } from "../ui/toast.tsx";
import type { ConnectValues } from "./connection-fields.ts";
import type { ReadHeaders } from "./header-form.tsx";
import { InspectorButton, loadTestRun } from "./inspector-button.tsx";
import { OptionalHeaders } from "./optional-headers.tsx";
import { showConnection } from "./queries.ts";
import { parseUrl } from "./receiver.ts";
import { ReceiverWarning, UrlHint } from "./receiver-hint.tsx";
import { SigningSecretField } from "./signing-secret-field.tsx";

const DEFAULT_NAME = "Webhook connector";
const EMPTY: ConnectValues = { webhook_url: "", name: "", signing_secret: "", event_types: [] };

const FIELDS = ["webhook_url", "name", "signing_secret", "event_types"] as const;

/** Loaded once a URL is typed: without one there is no default name, and a name can still be typed. */
const receiverName = () => import("./receiver-name.ts");

/** Loaded separately: the code for a submit is as large as the form itself, and most visits only look. */
const validation = lazyValidation<ConnectValues>(async () => {
  const parts = [import("./connect-resolver.ts"), loadTestRun(), receiverName()] as const;
  const [{ connectResolver }] = await Promise.all(parts);
  return connectResolver;
});

type ConnectFormProps = {
  onCancel?: () => void;
  /** Focuses the URL field when a person has opened the form. */
  takesFocus?: boolean;
};

/** Connects the webhook connector. The URL and the secret leave this form only in the body of one request. */
export function ConnectForm({ onCancel, takesFocus = false }: ConnectFormProps) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const form = useForm<ConnectValues>({ resolver: validation.resolver, defaultValues: EMPTY });
  const { errors } = form.formState;
  const url = parseUrl(useWatch({ control: form.control, name: "webhook_url" }));
  const eventTypes = useWatch({ control: form.control, name: "event_types" });
  const { running, run } = useOneAtATime<"connect" | "save" | "inspector">();
  const [keyOf] = useState(requestKeys);
  const suggestedName = useRef("");
  const readHeaders = useRef<ReadHeaders>(null);

  useEffect(() => {
    if (takesFocus) form.setFocus("webhook_url");
  }, [takesFocus, form]);

  // A name that came from the URL changes with the URL; a name that a person typed remains.
  const followUrl = async () => {
    const { nameFor } = await receiverName();
    if (form.getValues("name") !== suggestedName.current) return;
    suggestedName.current = nameFor(parseUrl(form.getValues("webhook_url")));
    form.setValue("name", suggestedName.current);
  };

  const connect = (then: "connect" | "save") =>
    form.handleSubmit(async ({ webhook_url, name, signing_secret, event_types }) => {
      try {
        const { startTestRun } = await loadTestRun();
        const headers = (await readHeaders.current?.()) ?? null;
        if (headers === null && readHeaders.current !== null) return;
        const body = {
          webhook_url,
          name: name || DEFAULT_NAME,
          event_types: event_types.length === 0 ? ["*"] : event_types,
          ...(signing_secret && { signing_secret }),
          ...(headers !== null && { headers }),
        };
        const header = { "idempotency-key": keyOf(body) };
        const { data, response } = await responseOf(
          api.POST("/api/integrations/webhook", { params: { header }, body }),
        );
        form.reset(EMPTY);
        const { id } = data.data;
        if (then === "connect") void startTestRun(queryClient, id);
        else toast("Saved. Send a test event to see it arrive.");
        void showConnection(queryClient, data.data, response.headers.get("etag"));
        await navigate({ to: "/integrations/connections/$id", params: { id } });
      } catch (thrown) {
        showProblem(form, FIELDS, thrown);
      }
    });
  const submit = (event: BaseSyntheticEvent, then: "connect" | "save") => {
    event.preventDefault(); // even when another submit is running and this one does nothing
    void run(then, async () => {
      await followUrl().catch(() => undefined); // the URL may have changed just before the submit
      if (await validation.ensureLoaded(form)) await connect(then)(event);
    });
  };
  const busyReason = running === null ? null : "The connection is being created.";
  const blocked = (own: typeof running) => readOnlyReason ?? (running === own ? null : busyReason);

  return (
    <form
      onSubmit={(event) => submit(event, "connect")}
      onFocus={validation.preload}
      noValidate
      className="flex flex-col gap-5"
    >
      {readOnlyReason && <Notice tone="info">{readOnlyReason}</Notice>}
      {errors.root && (
        <Notice tone="err" live>
          {errors.root.message}
        </Notice>
      )}
      <Field
        label="Webhook URL"
        error={errors.webhook_url?.message}
        hint={<UrlHint url={url} isRefused={errors.webhook_url?.type === "server"} />}
      >
        {(control) => (
          <Input
            {...control}
            {...form.register("webhook_url", { onChange: () => void followUrl().catch(() => undefined) })}
            data-start-here={takesFocus || undefined}
            type="url"
            inputMode="url"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="https://"
            readOnly={readOnlyReason !== null}
          />
        )}
      </Field>
      <ReceiverWarning url={url} />
      <InspectorButton
        busy={running === "inspector"}
        disabledReason={blocked("inspector")}
        onUse={(connectInspector) => void run("inspector", connectInspector)}
      />
      <Field label="Name" note="optional" error={errors.name?.message}>
        {(control) => (
          <Input
            {...control}
            {...form.register("name")}
            autoComplete="off"
            placeholder={DEFAULT_NAME}
            readOnly={readOnlyReason !== null}
          />
        )}
      </Field>
      <SigningSecretField
        label="Signing secret"
        note="optional"
        hint={
          <>
            Set it if the receiver verifies <code className="font-mono">x-opensend-signature</code>. Copy it
            into the receiver before you save: it is not shown again.
          </>
        }
        error={errors.signing_secret?.message}
        field={form.register("signing_secret")}
        onGenerate={(secret) =>
          form.setValue("signing_secret", secret, { shouldDirty: true, shouldValidate: true })
        }
        read={() => form.getValues("signing_secret")}
        readOnlyReason={readOnlyReason}
      />
      {readOnlyReason === null && (
        <Field
          label="Event types"
          note="optional"
          hint="Leave empty to send all of your events. Choose types, or type a pattern such as order.*"
          error={errors.event_types?.message}
        >
          {({ id }) => (
            <EventTypePicker
              id={id}
              values={eventTypes}
              onChange={(types) => form.setValue("event_types", types, { shouldDirty: true })}
            />
          )}
        </Field>
      )}
      {readOnlyReason === null && <OptionalHeaders reader={readHeaders} />}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          variant="primary"
          busy={running === "connect"}
          disabledReason={blocked("connect")}
        >
          Connect and send test
        </Button>
        <Button
          busy={running === "save"}
          disabledReason={blocked("save")}
          onClick={(event) => submit(event, "save")}
        >
          Save
        </Button>
        {onCancel && (
          <Button variant="quiet" disabledReason={busyReason} onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
    </form>
  );
}
