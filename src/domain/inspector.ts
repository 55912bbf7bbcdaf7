/**
 * The host of the built-in inspector. Names under `invalid` never resolve (RFC 2606, section 2; RFC 6761, section 6.4),
 * so nothing on any network answers to it, and the egress guard refuses it like every one of them.
 */
export const INSPECTOR_HOST = "inspector.invalid";

/** What the inspector can be told to do with a request. */
export const INSPECTOR_ANSWERS = ["200", "404", "410", "429", "500", "redirect", "timeout"] as const;
export type InspectorAnswer = (typeof INSPECTOR_ANSWERS)[number];

export type InspectorChoice = {
  readonly answer: InspectorAnswer;
  /** What a 429 asks to wait. */
  readonly retryAfterSeconds: number;
};

export const INSPECTOR_CHOICE_DEFAULT: InspectorChoice = { answer: "200", retryAfterSeconds: 30 };
export const INSPECTOR_RETRY_AFTER_MAX_S = 3600;

/** Requests kept of a workspace. With what one may take at most, they stay under 2 MiB. */
export const INSPECTOR_REQUESTS_MAX = 50;

/** Where a workspace's inspector is. Only OpenSend itself creates a connection with it. */
export function inspectorUrl(workspaceId: string): URL {
  return new URL(`https://${INSPECTOR_HOST}/${workspaceId}`);
}
