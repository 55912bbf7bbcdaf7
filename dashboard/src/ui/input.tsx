import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

/** Text is 16 px on phones, because iOS zooms into fields with smaller text. */
const LOOK = classNames(
  "w-full rounded-control border border-control bg-surface px-3 text-card text-fg placeholder:text-subtle md:text-body",
  "aria-invalid:border-err-dot focus-visible:outline-offset-0",
);

/** Not for selects, which always match `:read-only`. */
const READ_ONLY = "read-only:bg-sunken";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input type="text" {...props} className={classNames(LOOK, READ_ONLY, "h-11 md:h-9", className)} />;
}

export function TextArea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea rows={3} {...props} className={classNames(LOOK, READ_ONLY, "min-h-20 py-2", className)} />;
}

export function Select({ className, ...props }: ComponentProps<"select">) {
  return <select {...props} className={classNames(LOOK, "h-11 md:h-9", className)} />;
}
