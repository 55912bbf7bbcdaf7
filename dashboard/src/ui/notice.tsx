import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

type Tone = "ok" | "warn" | "err" | "info";

const TONES: Record<Tone, { look: string; icon: typeof Info; word: string }> = {
  ok: { look: "bg-ok-bg text-ok", icon: CircleCheck, word: "Done" },
  warn: { look: "bg-warn-bg text-warn", icon: TriangleAlert, word: "Warning" },
  err: { look: "bg-err-bg text-err", icon: CircleAlert, word: "Error" },
  info: { look: "bg-idle-bg text-idle", icon: Info, word: "Note" },
};

type NoticeProps = {
  tone: Tone;
  title?: string;
  children?: ReactNode;
  action?: ReactNode;
  /** Announced by screen readers when it appears. */
  live?: boolean;
  className?: string;
};

/** A highlighted message: what happened, what it means, what to do. */
export function Notice({ tone, title, children, action, live = false, className }: NoticeProps) {
  const { look, icon: Icon, word } = TONES[tone];
  return (
    <div
      role={live ? "alert" : undefined}
      className={classNames(
        "flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control border border-transparent px-3 py-2",
        look,
        className,
      )}
    >
      <div className="flex min-w-0 flex-1 basis-64 gap-2">
        <Icon role="img" aria-label={word} className="mt-0.5 size-4 shrink-0" />
        <div className="min-w-0 [overflow-wrap:anywhere]">
          {title && <p className="font-medium">{title}</p>}
          {children && <div className={title ? "text-fg" : undefined}>{children}</div>}
        </div>
      </div>
      {action}
    </div>
  );
}
