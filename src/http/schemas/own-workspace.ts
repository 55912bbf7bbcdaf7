import { z } from "zod";
import type { OwnWorkspace } from "../../auth/list-workspaces.ts";
import { role } from "./session.ts";
import { line, listOf, uuid } from "./shared.ts";

export const OwnWorkspaceItem = z
  .object({
    id: uuid,
    name: z.string(),
    role: role.meta({ description: "Yours in it" }),
    is_current: z.boolean().meta({ description: "Your session is in it" }),
  })
  .meta({ id: "OwnWorkspace" });

export const OwnWorkspaceList = listOf("OwnWorkspaceList", OwnWorkspaceItem);

export const OwnWorkspaceAnswer = z
  .object({ object: z.literal("workspace"), data: OwnWorkspaceItem })
  .meta({ id: "OwnWorkspaceAnswer" });

export const CreateWorkspaceBody = z
  .strictObject({ name: line({ min: 1, max: 100 }) })
  .meta({ id: "CreateWorkspaceRequest" });

export function presentOwnWorkspace(
  { id, name, role }: OwnWorkspace,
  currentId: string,
): z.infer<typeof OwnWorkspaceItem> {
  return { id, name, role, is_current: id === currentId };
}
