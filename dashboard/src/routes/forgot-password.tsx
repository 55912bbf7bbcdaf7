import { useQuery } from "@tanstack/react-query";
import { createFileRoute, Link } from "@tanstack/react-router";
import { waitBriefly } from "../navigation/wait-briefly.ts";
import { ForgotForm } from "../session/forgot-form.tsx";
import { setupQuery } from "../session/setup-query.ts";
import { CrashPage } from "../shell/crash-page.tsx";
import { StandalonePage } from "../shell/standalone-page.tsx";
import { Notice } from "../ui/notice.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

export const Route = createFileRoute("/forgot-password")({
  loader: ({ context }) => waitBriefly(context.queryClient.prefetchQuery(setupQuery)),
  component: ForgotPasswordPage,
  errorComponent: CrashPage,
});

function ForgotPasswordPage() {
  const setup = useQuery(setupQuery);
  return (
    <StandalonePage title="Reset your password">
      {setup.isPending ? (
        <Skeleton className="h-28" />
      ) : setup.data?.mails_password_resets === false ? (
        <Notice tone="info" title="This server sends no mail">
          Ask an owner to invite you again, or ask the person who runs the server to set a new password with{" "}
          <code className="font-mono">opensend users set-password</code>.
        </Notice>
      ) : (
        <ForgotForm />
      )}
      <p className="mt-5">
        <Link to="/sign-in" className="underline">
          Back to sign-in
        </Link>
      </p>
    </StandalonePage>
  );
}
