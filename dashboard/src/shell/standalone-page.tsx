import type { ReactNode } from "react";
import { Logo } from "./logo.tsx";

type StandalonePageProps = { title: string; lead?: ReactNode; children: ReactNode };

/** The layout of pages outside a workspace: setup, sign-in, not found, crash. */
export function StandalonePage({ title, lead, children }: StandalonePageProps) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-104 flex-col px-4 py-12 md:justify-center md:pb-32">
      <title>{`${title} · OpenSend`}</title>
      <div className="mb-6">
        <Logo />
      </div>
      <div className="rounded-card border border-line bg-surface p-5 md:p-6">
        <h1 tabIndex={-1} className="text-page font-semibold [overflow-wrap:anywhere]">
          {title}
        </h1>
        {lead && <p className="mt-1 text-muted [overflow-wrap:anywhere]">{lead}</p>}
        <div className="mt-5">{children}</div>
      </div>
    </main>
  );
}
