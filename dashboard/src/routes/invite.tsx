import { useQuery } from "@tanstack/react-query";
import { createFileRoute, Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { Problem } from "../api/problem.ts";
import { type InvitationLookup, invitationQuery } from "../invite/invitation-query.ts";
import { JoinForm } from "../invite/join-form.tsx";
import { JoinSignedIn } from "../invite/join-signed-in.tsx";
import { focusHeading } from "../navigation/focus-heading.ts";
import { waitBriefly } from "../navigation/wait-briefly.ts";
import { invitationToken, takeInvitationToken } from "../session/invitation-token.ts";
import { CrashPage } from "../shell/crash-page.tsx";
import { StandalonePage } from "../shell/standalone-page.tsx";
import { buttonStyle } from "../ui/button-style.ts";
import { LoadProblem } from "../ui/load-problem.tsx";

export const Route = createFileRoute("/invite")({
  loader: ({ context: { queryClient } }) =>
    invitationToken() === null ? undefined : waitBriefly(queryClient.prefetchQuery(invitationQuery)),
  component: InvitePage,
  errorComponent: CrashPage,
});

function InvitePage() {
  const token = invitationToken();
  const invitation = useQuery({ ...invitationQuery, enabled: token !== null });
  const { refetch } = invitation;
  useEffect(() => {
    // Pasting another link into the address bar changes only the hash and loads no page.
    const readNewToken = () => {
      takeInvitationToken();
      void refetch();
    };
    addEventListener("hashchange", readNewToken);
    return () => removeEventListener("hashchange", readNewToken);
  }, [refetch]);

  const { error } = invitation;
  const isInvalid = error instanceof Problem && error.code === "invitation_invalid";
  if (isInvalid || token === null) return <NotValid hasToken={token !== null} />;
  if (invitation.data === undefined) {
    return (
      <StandalonePage title="Invitation">
        {error && <LoadProblem what="The invitation" error={error} onRetry={() => void refetch()} />}
      </StandalonePage>
    );
  }
  return <Invitation key={keyOf(invitation.data)} invitation={invitation.data} />;
}

/** Changes when the person must enter something else, so that input for one account never goes to another. */
function keyOf({ email, has_account, signed_in_as }: InvitationLookup): string {
  return [email, has_account, signed_in_as?.email].join();
}

const ROLE_WORDS = {
  owner: "an owner, who may do everything",
  admin: "an admin, who may change everything but who is an owner",
  viewer: "a viewer, who may look and change nothing",
};

function Invitation({ invitation }: { invitation: InvitationLookup }) {
  const { workspace, role, invited_by: inviter, email, signed_in_as: signedInAs } = invitation;
  useEffect(focusHeading, []);
  return (
    <StandalonePage title={`Join ${workspace}`} lead={`${inviter} invites you as ${ROLE_WORDS[role]}.`}>
      {signedInAs === null ? (
        <JoinForm invitation={invitation} />
      ) : (
        <JoinSignedIn signedInAs={signedInAs} email={email} />
      )}
    </StandalonePage>
  );
}

function NotValid({ hasToken }: { hasToken: boolean }) {
  useEffect(focusHeading, []);
  return (
    <StandalonePage
      title={hasToken ? "This invitation is not valid" : "This page needs an invitation"}
      lead={
        hasToken
          ? "It has expired, was revoked or replaced, or has been used."
          : "Open the link you were sent, with everything after the #."
      }
    >
      <p className="mb-5">
        Ask the person who invited you for a new link. If you have already joined, sign in.
      </p>
      <Link to="/sign-in" className={buttonStyle("primary", "w-full")}>
        Sign in
      </Link>
    </StandalonePage>
  );
}
