import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useForm } from "react-hook-form";
import { SettingsSection } from "../../connections/settings/section.tsx";
import { DocsLink } from "../../docs/docs-link.tsx";
import { LeaveGuard } from "../../forms/leave-guard.tsx";
import { SaveRow } from "../../forms/save-row.tsx";
import { showProblem } from "../../forms/show-problem.ts";
import { useReadOnlyReason } from "../../session/session-query.ts";
import { inDays } from "../../text/days.ts";
import { classNames } from "../../ui/class-names.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { lazyPart } from "../../ui/lazy-part.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toast } from "../../ui/toast.tsx";
import { updateWorkspace, type WorkspaceRead, workspaceQuery } from "../queries.ts";
import {
  changeOf,
  deletionWords,
  valuesOf,
  type WorkspaceValues,
  workspaceSchema,
} from "./workspace-values.ts";

/** The workspace's name and retention. `read` can change in the background while a person types. */
export function WorkspaceForm({ read }: { read: WorkspaceRead }) {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const [base, setBase] = useState(read);
  const [hasConflict, setHasConflict] = useState(false);
  /** Values that wait for confirmation because saving them deletes data. */
  const [unconfirmed, setUnconfirmed] = useState<WorkspaceValues | null>(null);
  const form = useForm<WorkspaceValues>({
    resolver: (values, context, options) =>
      zodResolver(workspaceSchema(base.workspace))(values, context, options),
    defaultValues: valuesOf(base.workspace),
  });
  const { errors, isDirty, isSubmitting } = form.formState;
  const isReadOnly = readOnlyReason !== null;
  // Registered first because it is the first field: the first invalid field in this order takes the focus.
  const nameField = form.register("name");

  const startFrom = (next: WorkspaceRead) => {
    setBase(next);
    setHasConflict(false);
    form.reset(valuesOf(next.workspace));
  };
  useEffect(() => {
    if (isDirty || isSubmitting || read === base) return;
    setBase(read);
    form.reset(valuesOf(read.workspace));
  }, [read, base, isDirty, isSubmitting, form]);

  const save = async (values: WorkspaceValues) => {
    try {
      startFrom(await updateWorkspace(queryClient, base, changeOf(base.workspace, values)));
      toast("Saved.");
    } catch (thrown) {
      const problem = showProblem(form, ["name"], thrown);
      for (const { path, message } of problem.fields) {
        const field = SERVER_FIELDS[path];
        if (field !== undefined) form.setError(field, { type: "server", message });
      }
      setHasConflict(problem.code === "version_conflict");
    }
  };
  const submit = form.handleSubmit(async (values) => {
    if (deletionWords(base.workspace, values) === null) await save(values);
    else setUnconfirmed(values);
  });
  const reload = async () => {
    await queryClient.invalidateQueries(workspaceQuery);
    startFrom(queryClient.getQueryData(workspaceQuery.queryKey) ?? read);
  };
  const limits = base.workspace.retention_limits;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      {readOnlyReason && (
        <Notice tone="info" className="mb-6">
          {readOnlyReason}
        </Notice>
      )}
      <SettingsSection id="general" title="General" lead="Shown in the workspace menu.">
        <Field label="Name" error={errors.name?.message}>
          {(control) => <Input {...control} {...nameField} autoComplete="off" readOnly={isReadOnly} />}
        </Field>
      </SettingsSection>
      <SettingsSection
        id="retention"
        title="Retention"
        lead={
          <>
            Counted in days from when an event was accepted. Pending deliveries are kept until they end.{" "}
            <DocsLink topic="retention" />
          </>
        }
      >
        <DaysField
          label="Days payloads are kept"
          what="The data of events, and the requests and responses of their deliveries."
          limit={limits.payload_days}
          own={base.workspace.retention.payload_days}
          error={errors.payload_days?.message}
          field={form.register("payload_days")}
          readOnly={isReadOnly}
        />
        <DaysField
          label="Days statuses are kept"
          what="Events and deliveries."
          limit={limits.status_days}
          own={base.workspace.retention.status_days}
          error={errors.status_days?.message}
          field={form.register("status_days")}
          readOnly={isReadOnly}
        />
      </SettingsSection>
      <div
        className={classNames(
          "-mx-4 flex flex-col gap-3 bg-bg px-4 py-4 md:mx-0 md:px-0 lg:pl-80",
          isDirty && "save-bar border-t border-line",
        )}
      >
        {hasConflict && <Conflict onReload={() => void reload()} />}
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
          opens={ConfirmDialog}
        />
      </div>
      <ConfirmDialog
        open={unconfirmed !== null}
        onOpenChange={(open) => !open && setUnconfirmed(null)}
        title="Keep events for a shorter time?"
        confirmLabel="Delete and save"
        keepLabel="Cancel"
        onConfirm={() => (unconfirmed === null ? undefined : save(unconfirmed))}
      >
        Within an hour, this deletes {unconfirmed && deletionWords(base.workspace, unconfirmed)}. This cannot
        be undone.
      </ConfirmDialog>
      <LeaveGuard name={base.workspace.name} isDirty={isDirty && !isSubmitting} />
    </form>
  );
}

const SERVER_FIELDS: Readonly<Record<string, "payload_days" | "status_days">> = {
  "retention.payload_days": "payload_days",
  "retention.status_days": "status_days",
};

type DaysFieldProps = {
  label: string;
  what: string;
  limit: number;
  own: number | null;
  error: string | undefined;
  field: object;
  readOnly: boolean;
};

function DaysField({ label, what, limit, own, error, field, readOnly }: DaysFieldProps) {
  const isPast = own !== null && limit !== 0 && (own === 0 || own > limit);
  return (
    <Field
      label={label}
      note="optional"
      error={error}
      hint={
        <>
          {what}{" "}
          {isPast ? `The server keeps them for ${inDays(limit)}, which takes precedence.` : rule(limit)}
        </>
      }
    >
      {(control) => (
        <Input {...control} {...field} inputMode="numeric" autoComplete="off" readOnly={readOnly} />
      )}
    </Field>
  );
}

function rule(limit: number): string {
  return limit === 0
    ? "Leave empty to use the server default (forever). 0 means forever."
    : `1 to ${limit} days. Leave empty to use the server default (${inDays(limit)}).`;
}

/** Loaded separately: conflicts are rare. */
const Conflict = lazyPart(
  "The last change",
  async () => (await import("./workspace-conflict.tsx")).WorkspaceConflict,
);
