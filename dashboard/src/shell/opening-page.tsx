import { Logo } from "./logo.tsx";

/** Until it is known who is signed in. */
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
