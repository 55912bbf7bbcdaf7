import type { ReactNode } from "react";

type PageHeaderProps = {
  title: string;
  /** Below the title, left of the actions. */
  children?: ReactNode;
  actions?: ReactNode;
};

/** The page's title, in the tab and as the heading that takes focus on navigation. */
export function PageHeader({ title, children, actions }: PageHeaderProps) {
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-4">
      <title>{`${title} · OpenSend`}</title>
      <div className="min-w-0 flex-1 basis-80">
        <h1 tabIndex={-1} className="text-page font-semibold [overflow-wrap:anywhere]">
          {title}
        </h1>
        {children && <div className="mt-1 max-w-prose text-muted">{children}</div>}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </header>
  );
}
