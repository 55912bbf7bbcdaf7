import { Plus, Trash2, Undo2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { HEADERS_MAX } from "../../../src/domain/custom-headers.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Input, Select } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { SecretInput } from "../ui/secret-input.tsx";
import { type HeaderDraft, type HeaderKind, NEW_HEADER } from "./header-draft.ts";

type HeaderValues = { headers: HeaderDraft[] };

const KINDS: readonly (readonly [kind: Exclude<HeaderKind, "stored">, label: string])[] = [
  ["header", "Any header"],
  ["basic", "Basic authentication"],
  ["bearer", "Bearer token"],
];

type HeaderRowsProps = {
  readOnlyReason: string | null;
  /** A change of this value, as after a save, hides what was typed. */
  resetKey?: string | null;
  /** Starts with an empty row, which takes focus. */
  takesFocus?: boolean;
};

/**
 * Rows to enter, replace and remove custom headers. Requires a `FormProvider` around it. Values never appear in an
 * attribute, and a removed row keeps its index.
 */
export function HeaderRows({ readOnlyReason, resetKey = null, takesFocus = false }: HeaderRowsProps) {
  const { control, formState, setFocus, setValue } = useFormContext<HeaderValues>();
  const drafts = useWatch({ control, name: "headers" });
  const [added, setAdded] = useState<number | null>(null);
  useEffect(() => {
    if (added !== null) setFocus(`headers.${added}.name`);
  }, [added, setFocus]);
  useEffect(() => {
    if (!takesFocus) return;
    setValue("headers.0", NEW_HEADER, { shouldDirty: true });
    setAdded(0);
  }, [takesFocus, setValue]);
  const add = useRef<HTMLButtonElement>(null);
  const message = formState.errors.headers?.message ?? formState.errors.headers?.root?.message;
  const isFull = drafts.filter(({ isRemoved }) => !isRemoved).length >= HEADERS_MAX;
  const append = () => {
    setValue(`headers.${drafts.length}`, NEW_HEADER, { shouldDirty: true });
    setAdded(drafts.length);
  };
  const drop = (index: number) => {
    add.current?.focus(); // the row disappears with its button
    setValue(`headers.${index}`, { ...NEW_HEADER, isRemoved: true }, { shouldDirty: true });
  };
  return (
    <div className="flex flex-col gap-3">
      {message && (
        <Notice tone="err" live>
          {message}
        </Notice>
      )}
      {drafts.map(({ kind, name, isRemoved }, index) => {
        const key = `${index} ${kind === "stored" ? name : ""}`;
        if (kind === "stored") {
          return <StoredRow key={key} {...{ name, index, readOnlyReason, resetKey }} />;
        }
        return isRemoved ? null : <NewRow key={key} index={index} onRemove={() => drop(index)} />;
      })}
      {readOnlyReason !== null && drafts.length === 0 && <p className="text-muted">None.</p>}
      <div>
        <Button
          ref={add}
          disabledReason={readOnlyReason ?? (isFull ? `At most ${HEADERS_MAX} headers.` : null)}
          onClick={append}
        >
          <Plus aria-hidden className="size-4" />
          Add header
        </Button>
      </div>
    </div>
  );
}

type StoredRowProps = { name: string; index: number; readOnlyReason: string | null; resetKey: string | null };

function StoredRow({ name, index, readOnlyReason, resetKey }: StoredRowProps) {
  const { control, register, setValue, formState } = useFormContext<HeaderValues>();
  const isRemoved = useWatch({ control, name: `headers.${index}.isRemoved` });
  const toggle = () => setValue(`headers.${index}.isRemoved`, !isRemoved, { shouldDirty: true });
  return (
    <Field
      label={name}
      hint={isRemoved ? "Removed when you save." : "Stored encrypted. Enter a new value to replace it."}
      error={formState.errors.headers?.[index]?.value?.message}
    >
      {(control) => (
        <div className="flex flex-wrap gap-2">
          <div className="min-w-0 flex-1 basis-56">
            <SecretInput
              {...control}
              {...register(`headers.${index}.value`)}
              resetKey={resetKey}
              readOnly={readOnlyReason !== null || isRemoved}
            />
          </div>
          <Button
            disabledReason={readOnlyReason}
            onClick={toggle}
            aria-label={isRemoved ? `Keep header ${name}` : `Remove header ${name}`}
          >
            {isRemoved ? <Undo2 aria-hidden className="size-4" /> : <Trash2 aria-hidden className="size-4" />}
            {isRemoved ? "Keep" : "Remove"}
          </Button>
        </div>
      )}
    </Field>
  );
}

/** A header that is not stored yet. */
function NewRow({ index, onRemove }: { index: number; onRemove: () => void }) {
  const { control, register, formState } = useFormContext<HeaderValues>();
  const kind = useWatch({ control, name: `headers.${index}.kind` });
  const errors = formState.errors.headers?.[index];
  return (
    <fieldset className="flex flex-col gap-3 rounded-control border border-line p-3">
      <legend className="sr-only">New header {index + 1}</legend>
      <Field label="Kind">
        {(control) => (
          <Select {...control} {...register(`headers.${index}.kind`)}>
            {KINDS.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {kind === "header" && (
        <Field label="Header name" error={errors?.name?.message}>
          {(control) => (
            <Input
              {...control}
              {...register(`headers.${index}.name`)}
              className="font-mono"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              placeholder="X-Api-Key"
            />
          )}
        </Field>
      )}
      {kind === "basic" && (
        <Field label="User name" error={errors?.user?.message}>
          {(control) => (
            <Input
              {...control}
              {...register(`headers.${index}.user`)}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
        </Field>
      )}
      <Field
        label={VALUE_LABELS[kind]}
        hint={kind === "header" ? undefined : "Sent as the header Authorization."}
        error={errors?.value?.message}
      >
        {(control) => <SecretInput {...control} {...register(`headers.${index}.value`)} />}
      </Field>
      <div>
        <Button variant="quiet" onClick={onRemove} aria-label={`Remove new header ${index + 1}`}>
          <Trash2 aria-hidden className="size-4" />
          Remove
        </Button>
      </div>
    </fieldset>
  );
}

const VALUE_LABELS: Readonly<Record<HeaderKind, string>> = {
  stored: "Value",
  header: "Value",
  basic: "Password",
  bearer: "Token",
};
