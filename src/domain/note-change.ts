/** What live views are told of. */
export type ChangeKind = "delivery" | "event" | "connection" | "replay" | "inspector_request";

/** Told after a commit which objects of a workspace have changed; costs nothing when no one watches. */
export type NoteChange = (workspaceId: string, kind: ChangeKind, ids: readonly string[]) => void;
