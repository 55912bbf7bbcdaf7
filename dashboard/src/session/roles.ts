import type { Session } from "../api/types.ts";

export type Role = Session["role"];

export const ROLE_NAMES: Record<Role, string> = { owner: "Owner", admin: "Admin", viewer: "Viewer" };
