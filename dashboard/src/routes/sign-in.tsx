import { useQuery } from "@tanstack/react-query";
import { createFileRoute, Link } from "@tanstack/react-router";
import { safePath } from "../session/safe-path.ts";
import { setupQuery } from "../session/setup-query.ts";
import { SignInForm } from "../session/sign-in-form.tsx";
import { CrashPage } from "../shell/crash-page.tsx";
import { StandalonePage } from "../shell/standalone-page.tsx";
import { Notice } from "../ui/notice.tsx";

export const Route = createFileRoute("/sign-in")({
  // An explicit undefined replaces the raw value from the URL; omitting the key would keep it.
  validateSearch: (search: Record<string, unknown>): { next?: string | undefined } => ({
    next: safePath(search["next"]),
  }),
  component: SignInPage,
  errorComponent: CrashPage,
});

function SignInPage() {
  const { next } = Route.useSearch();
  const setup = useQuery(setupQuery);
  return (
    <StandalonePage title="Sign in">
      {setup.data?.open && (
        <Notice tone="info" className="mb-4">
          This instance has no owner yet. Open the setup link that the server printed at its start.
        </Notice>
      )}
      <SignInForm returnTo={next ?? "/"} />
      <p className="mt-5">
        <Link to="/forgot-password" className="underline">
          Forgot your password?
        </Link>
      </p>
    </StandalonePage>
  );
}
