import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, responseOf } from "../api/client.ts";
import { problemFrom } from "../api/problem.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { invitationQuery } from "./invitation-query.ts";
import { join } from "./join.ts";

type JoinSignedInProps = {
  signedInAs: { readonly name: string; readonly email: string };
  /** The invited person's address. */
  email: string;
};

/** For someone who is signed in: joins with their account, or signs out when the invitation is for someone else. */
export function JoinSignedIn({ signedInAs, email }: JoinSignedInProps) {
  const queryClient = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const isInvited = signedInAs.email === email;
  const act = async () => {
    setIsBusy(true);
    setFailure(null);
    try {
      await (isInvited ? join({}) : responseOf(api.DELETE("/api/session")));
    } catch (thrown) {
      setFailure(problemFrom(thrown).message);
    }
    if (!isInvited) await queryClient.invalidateQueries(invitationQuery);
    setIsBusy(false);
  };
  return (
    <div className="flex flex-col gap-4">
      {failure && (
        <Notice tone="err" live>
          {failure}
        </Notice>
      )}
      {isInvited ? (
        <p>
          You are signed in as {signedInAs.name} (<span className="[overflow-wrap:anywhere]">{email}</span>).
        </p>
      ) : (
        <Notice tone="info" title={`You are signed in as ${signedInAs.email}`}>
          This invitation is for {email}. Sign out here to join as that person.
        </Notice>
      )}
      <Button variant="primary" busy={isBusy} onClick={() => void act()} data-start-here>
        {isInvited ? "Join" : "Sign out"}
      </Button>
    </div>
  );
}
