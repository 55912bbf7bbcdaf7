import { classNames } from "./class-names.ts";

export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";

const VARIANTS: Record<ButtonVariant, string> = {
  primary: "border-transparent bg-accent text-accent-on hover:opacity-90",
  secondary: "border-control bg-surface text-fg hover:bg-sunken",
  quiet: "border-transparent text-muted hover:bg-sunken hover:text-fg",
  danger: "border-control bg-surface text-err hover:border-err-dot hover:bg-err-bg",
};

/** The style of buttons, and of links that look like buttons. 44 px high on phones. */
export function buttonStyle(variant: ButtonVariant = "secondary", more?: string): string {
  return classNames(
    "inline-flex h-11 shrink-0 items-center justify-center gap-2 rounded-control border px-4 text-body font-medium",
    "whitespace-nowrap transition-opacity duration-120 select-none md:h-9 md:px-3",
    "aria-disabled:border-line aria-disabled:bg-sunken aria-disabled:text-subtle aria-disabled:hover:opacity-100",
    VARIANTS[variant],
    more,
  );
}
