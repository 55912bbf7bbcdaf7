import { moveSession } from "../api/client.ts";
import { forgetInvitationToken, invitationToken } from "../session/invitation-token.ts";
import { tellOtherTabs } from "../session/other-tabs.ts";

/** Uses the invitation up and opens the workspace, as a page made anew: nothing of this one goes along. */
export async function join(input: { name?: string; password?: string }): Promise<void> {
  const body = { token: invitationToken() ?? "", ...input };
  const { data } = await moveSession((api) => api.POST("/api/invitations/accept", { body }));
  forgetInvitationToken();
  tellOtherTabs(data.workspace.id);
  location.replace("/");
}
