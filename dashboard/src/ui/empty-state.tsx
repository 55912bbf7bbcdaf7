import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

type EmptyStateProps = { icon: LucideIcon; title: string; children: ReactNode; action?: ReactNode };

/** Shown in place of an empty list: what will appear there, and the first step towards it. */
export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-card border border-dashed border-control px-6 py-12 text-center">
      <span className="flex size-10 items-center justify-center rounded-card bg-accent-soft text-accent">
        <Icon aria-hidden className="size-5" />
      </span>
      <h2 className="mt-2 text-card font-semibold">{title}</h2>
      <div className="max-w-prose text-muted">{children}</div>
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}
