import { useQueryClient } from "@tanstack/react-query";
import { type BaseSyntheticEvent, useEffect, useState } from "react";
import { useForm } from "react-hook-form";
import { lazyValidation } from "../../forms/lazy-validation.ts";
import { LeaveGuard } from "../../forms/leave-guard.tsx";
import { SaveRow } from "../../forms/save-row.tsx";
import { showProblem } from "../../forms/show-problem.ts";
import { useOneAtATime } from "../../forms/use-one-at-a-time.ts";
import { useReadOnlyReason } from "../../session/session-query.ts";
import { classNames } from "../../ui/class-names.ts";
import { lazyPart } from "../../ui/lazy-part.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toast } from "../../ui/toast.tsx";
import { updateConnection } from "../change-connection.ts";
import { type ConnectionRead, connectionQuery } from "../queries.ts";
import { DeliverySection } from "./delivery-section.tsx";
import { EndpointSection } from "./endpoint-section.tsx";
import { EventTypesSection } from "./event-types-section.tsx";
import { GeneralSection } from "./general-section.tsx";
import { HeadersSection } from "./headers-section.tsx";
import type { SettingsValues } from "./settings-schema.ts";
import { changeOf, valuesOf } from "./settings-values.ts";
import { SigningSection } from "./signing-section.tsx";
import { StopSection } from "./stop-section.tsx";

/** All settings of a connection. `read` can change in the background while a person types. */
export function SettingsForm({ read }: { read: ConnectionRead }) {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  // The version that the form shows, and that a save requires to be current.
  const [base, setBase] = useState(read);
  const [hasConflict, setHasConflict] = useState(false);
  const form = useForm<SettingsValues>({
    resolver: validation.resolver,
    defaultValues: valuesOf(base.connection),
  });
  const { errors, isDirty, isSubmitting } = form.formState;
  const { run } = useOneAtATime<"save">();

  const startFrom = (next: ConnectionRead) => {
    setBase(next);
    setHasConflict(false);
    form.reset(valuesOf(next.connection));
  };
  useEffect(() => {
    if (isDirty || isSubmitting || read === base) return;
    setBase(read);
    form.reset(valuesOf(read.connection));
  }, [read, base, isDirty, isSubmitting, form]);

  const submit = form.handleSubmit(async (values) => {
    try {
      const drafts = values.headers;
      const headers = drafts.length > 0 ? (await import("./read-headers.ts")).readHeaders(form, drafts) : {};
      if (headers === null) return;
      const change = { ...changeOf(base.connection, values), ...headers };
      // Adding and removing a header leaves the form dirty with nothing to save.
      if (Object.keys(change).length === 0) return startFrom(base);
      startFrom(await updateConnection(queryClient, base, change));
      toast("Saved.");
    } catch (thrown) {
      const problem = showProblem(form, FIELDS, thrown);
      setHasConflict(problem.code === "version_conflict");
    }
  });
  const save = (event: BaseSyntheticEvent) => {
    event.preventDefault();
    void run("save", async () => {
      if (await validation.ensureLoaded(form)) await submit(event);
    });
  };
  const reload = async () => {
    await queryClient.invalidateQueries(connectionQuery(base.connection.id));
    startFrom(queryClient.getQueryData(connectionQuery(base.connection.id).queryKey) ?? read);
  };

  const unsavedReason = isDirty ? "Save or discard your changes first." : null;
  const sectionProps = { base, form, readOnlyReason };
  return (
    <>
      <form onSubmit={save} onFocus={validation.preload} noValidate>
        {readOnlyReason && (
          <Notice tone="info" className="mb-6">
            {readOnlyReason}
          </Notice>
        )}
        <GeneralSection {...sectionProps} />
        <EndpointSection {...sectionProps} />
        <SigningSection {...sectionProps} unsavedReason={unsavedReason} />
        <HeadersSection {...sectionProps} />
        <EventTypesSection {...sectionProps} />
        <DeliverySection {...sectionProps} />
        <div
          className={classNames(
            "-mx-4 flex flex-col gap-3 border-b border-line bg-bg px-4 py-4 md:mx-0 md:px-0 lg:pl-80",
            isDirty && "save-bar border-t",
          )}
        >
          {hasConflict && <ConnectionConflict connection={base.connection} onReload={() => void reload()} />}
          {errors.root && !hasConflict && (
            <Notice tone="err" live>
              {errors.root.message}
            </Notice>
          )}
          <SaveRow
            isDirty={isDirty}
            isSubmitting={isSubmitting}
            readOnlyReason={readOnlyReason}
            onDiscard={() => startFrom(base)}
          />
        </div>
      </form>
      <StopSection read={base} disabledReason={readOnlyReason ?? unsavedReason} />
      <LeaveGuard name={base.connection.name} isDirty={isDirty && !isSubmitting} />
    </>
  );
}

const validation = lazyValidation<SettingsValues>(
  async () => (await import("./settings-resolver.ts")).settingsResolver,
);

/** Loaded separately: conflicts are rare. */
const ConnectionConflict = lazyPart(
  "Who changed it",
  async () => (await import("./connection-conflict.tsx")).ConnectionConflict,
);

const FIELDS = [
  "name",
  "description",
  "external_id",
  "metadata",
  "webhook_url",
  "signing_secret",
  "event_types",
  "concurrency",
  "rate_limit_per_minute",
  "timeout_seconds",
  "headers",
] as const;
