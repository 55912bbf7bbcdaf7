import type { ReactNode } from "react";

type SettingsSectionProps = { id: string; title: string; lead: ReactNode; children: ReactNode };

/** A group of settings, with its description beside the controls. */
export function SettingsSection({ id, title, lead, children }: SettingsSectionProps) {
  return (
    <section
      aria-labelledby={id}
      className="grid gap-4 border-b border-line py-6 first:pt-0 last:border-0 lg:grid-cols-[minmax(0,17rem)_minmax(0,1fr)] lg:gap-12"
    >
      <div>
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        <div className="mt-1 text-table text-muted">{lead}</div>
      </div>
      <div className="flex max-w-xl flex-col gap-4">{children}</div>
    </section>
  );
}
