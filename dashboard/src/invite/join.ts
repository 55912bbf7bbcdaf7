import { changeSession } from "../api/client.ts";
import { forgetInvitationToken, invitationToken } from "../session/invitation-token.ts";
import { notifyOtherTabs } from "../session/other-tabs.ts";

/** Accepts the invitation and opens the workspace in a fresh page, so that no state of this one carries over. */
export async function join(input: { name?: string; password?: string }): Promise<void> {
  const body = { token: invitationToken() ?? "", ...input };
  const { data } = await changeSession((api) => api.POST("/api/invitations/accept", { body }));
  forgetInvitationToken();
  notifyOtherTabs(data.workspace.id);
  location.replace("/");
}
