import { createFileRoute, redirect } from "@tanstack/react-router";
import { Problem } from "../api/problem.ts";
import { pathToReturnTo } from "../session/safe-path.ts";
import { sessionQuery } from "../session/session-query.ts";
import { CrashPage } from "../shell/crash-page.tsx";
import { OpeningPage } from "../shell/opening-page.tsx";
import { Shell } from "../shell/shell.tsx";

export const Route = createFileRoute("/_shell")({
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(sessionQuery);
    } catch (thrown) {
      const isSignedOut = thrown instanceof Problem && thrown.code === "unauthenticated";
      if (!isSignedOut) throw thrown;
      throw redirect({ to: "/sign-in", search: { next: pathToReturnTo(location.href) }, replace: true });
    }
  },
  component: Shell,
  pendingComponent: OpeningPage,
  pendingMs: 300,
  pendingMinMs: 0,
  errorComponent: CrashPage,
});
