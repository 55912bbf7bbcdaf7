/** The actor that every change and audit entry names. */
export type Actor = {
  readonly kind: "user" | "api_key" | "cli" | "system" | "anonymous";
  /** User id or API key id; null when there is none. */
  readonly id: string | null;
  /** Display name of the person or key. Never an address or a credential. */
  readonly name: string;
  readonly workspaceId: string;
  /** The caller's network address, null when there is none. */
  readonly address: string | null;
  /** Set when an API key acts. */
  readonly key?: ActingKey;
};

/** The access of an API key. */
export type ActingKey = {
  /** Id of the key whose connections it manages: its own, or the first in the chain of keys that it replaces. */
  readonly ownerId: string;
  /** Whether it can see and change only its own connections. */
  readonly isConfined: boolean;
  /** The event types and patterns to which it is limited; null for all. */
  readonly eventTypes: readonly string[] | null;
};

/** OpenSend itself as the actor. */
export function systemActor(workspaceId: string): Actor {
  return { kind: "system", id: null, name: "OpenSend", workspaceId, address: null };
}
