import { CircleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";

type ControlProps = {
  id: string;
  "aria-invalid": true | undefined;
  "aria-describedby": string | undefined;
};

type FieldProps = {
  label: string;
  /** Shown after the label, such as "optional". */
  note?: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** Right of the label: an action that fills the field. */
  action?: ReactNode;
  children: (control: ControlProps) => ReactNode;
};

/** A labeled control with its hint and error, connected for assistive technology. */
export function Field({ label, note, hint, error, action, children }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const noteId = `${id}-note`;
  const describedBy = [error ? errorId : null, note ? noteId : null, hint ? hintId : null]
    .filter((part) => part !== null)
    .join(" ");
  return (
    <div className="flex flex-col gap-1">
      <div className="flex min-h-6 items-end justify-between gap-2">
        <span className="min-w-0 [overflow-wrap:anywhere]">
          <label htmlFor={id} className="font-medium">
            {label}
          </label>
          {note && (
            <span id={noteId} className="text-muted">
              {" "}
              ({note})
            </span>
          )}
        </span>
        {action}
      </div>
      {children({
        id,
        "aria-invalid": error ? true : undefined,
        "aria-describedby": describedBy || undefined,
      })}
      <div aria-live="polite">
        {error && (
          <p id={errorId} className="flex items-start gap-1 pt-1 text-table text-err">
            <CircleAlert aria-hidden className="mt-px size-4 shrink-0" />
            {error}
          </p>
        )}
      </div>
      {hint && (
        <div id={hintId} className="text-table text-muted">
          {hint}
        </div>
      )}
    </div>
  );
}
