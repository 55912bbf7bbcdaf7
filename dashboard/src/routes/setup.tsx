import { useQuery } from "@tanstack/react-query";
import { createFileRoute, Link } from "@tanstack/react-router";
import { useState } from "react";
import { waitBriefly } from "../navigation/wait-briefly.ts";
import { SetupForm } from "../session/setup-form.tsx";
import { setupQuery } from "../session/setup-query.ts";
import { setupToken } from "../session/setup-token.ts";
import { CrashPage } from "../shell/crash-page.tsx";
import { StandalonePage } from "../shell/standalone-page.tsx";
import { buttonStyle } from "../ui/button-style.ts";
import { LoadProblem } from "../ui/load-problem.tsx";

export const Route = createFileRoute("/setup")({
  loader: ({ context }) => waitBriefly(context.queryClient.prefetchQuery(setupQuery)),
  component: SetupPage,
  errorComponent: CrashPage,
});

function SetupPage() {
  const setup = useQuery(setupQuery);
  const [token] = useState(setupToken);

  if (setup.data === undefined) {
    return (
      <StandalonePage title="Set up OpenSend">
        {setup.error && <LoadProblem what="Setup" error={setup.error} onRetry={() => void setup.refetch()} />}
      </StandalonePage>
    );
  }
  if (!setup.data.open) {
    return (
      <StandalonePage title="Set up OpenSend" lead="This instance already has an owner.">
        <Link to="/sign-in" className={buttonStyle("primary", "w-full")}>
          Sign in
        </Link>
      </StandalonePage>
    );
  }
  if (token === null || token === "") {
    return (
      <StandalonePage title="Set up OpenSend" lead="This page needs the setup link.">
        <p>
          The server prints a link with a one-time token when it starts. Open that link, with everything after{" "}
          <code className="font-mono text-table">?token=</code>, in this browser.
        </p>
      </StandalonePage>
    );
  }
  return (
    <StandalonePage
      title="Set up OpenSend"
      lead="Create the owner account. It owns this workspace with its connections and keys."
    >
      <SetupForm token={token} />
    </StandalonePage>
  );
}
