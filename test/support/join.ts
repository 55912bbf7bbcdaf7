import { ApiClient } from "./api-client.ts";

export const JOINERS_PASSWORD = "a password of their own";

export type Joined = {
  readonly client: ApiClient;
  readonly email: string;
  readonly name: string;
  readonly userId: string;
  /** The id of their membership in the workspace they joined. */
  readonly memberId: string;
};

let joined = 0;

/** The token in the link that an invitation returned. */
export function tokenIn(url: string): string {
  return new URL(url).hash.slice(1);
}

/** Invites an address and returns the link's token. */
export async function invite(owner: ApiClient, email: string, role = "admin"): Promise<string> {
  const response = await owner.post("/api/invitations", { email, role });
  if (response.status !== 201) throw new Error(`inviting returned ${response.status}: ${response.text}`);
  return tokenIn(response.body.url);
}

/** Someone new who joins the inviter's workspace by a link, with a separate session. */
export async function joinAs(
  owner: ApiClient,
  role: "owner" | "admin" | "viewer",
  name = `A ${role}`,
): Promise<Joined> {
  joined += 1;
  const email = `${role}-${process.pid}-${joined}@example.com`;
  const token = await invite(owner, email, role);
  const client = new ApiClient(owner.url);
  const response = await client.post("/api/invitations/accept", { token, name, password: JOINERS_PASSWORD });
  if (response.status !== 200) throw new Error(`joining returned ${response.status}: ${response.text}`);
  const members = (await client.get("/api/members?limit=100")).body.data;
  const { id, user_id } = members.find((member: { is_you: boolean }) => member.is_you);
  return { client, email, name, userId: user_id, memberId: id };
}

/** The id of the caller's membership in the session's workspace. */
export async function ownMemberId(client: ApiClient): Promise<string> {
  const members = (await client.get("/api/members?limit=100")).body.data;
  return members.find((member: { is_you: boolean }) => member.is_you).id;
}
