/** Kinds of objects whose changes are published to live views. */
export type ChangeKind = "delivery" | "event" | "connection" | "replay" | "inspector_request";

/** Publishes after a commit which objects of a workspace have changed; costs nothing without subscribers. */
export type PublishChange = (workspaceId: string, kind: ChangeKind, ids: readonly string[]) => void;
