/** Who acts, as every change and every audit entry names them. */
export type Actor = {
  readonly kind: "user" | "api_key" | "cli" | "system" | "anonymous";
  /** User id, API key id, or null where there is none. */
  readonly id: string | null;
  /** What people call them: a person's name, a key's name. Never an address or a credential. */
  readonly name: string;
  readonly workspaceId: string;
  /** The caller's network address, null when there is none. */
  readonly address: string | null;
  /** Of an API key. */
  readonly key?: ActingKey;
};

/** What the access of an API key comes to. */
export type ActingKey = {
  /** The key whose connections it manages: itself, or the first of the keys that it replaces. */
  readonly ownerId: string;
  /** Whether it may neither see nor change connections of others. */
  readonly isConfined: boolean;
  /** The event types and patterns that it is limited to; null for all. */
  readonly eventTypes: readonly string[] | null;
};

/** OpenSend itself, acting on what it finds. */
export function systemActor(workspaceId: string): Actor {
  return { kind: "system", id: null, name: "OpenSend", workspaceId, address: null };
}
