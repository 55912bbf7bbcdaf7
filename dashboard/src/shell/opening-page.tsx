import { Logo } from "./logo.tsx";

/** Shown until the session is known. */
export function OpeningPage() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-3">
      <Logo />
      <p role="status" className="text-muted">
        Opening the workspace …
      </p>
    </main>
  );
}
