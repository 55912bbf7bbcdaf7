/**
 * The host of the built-in inspector. Names under `invalid` never resolve (RFC 2606, section 2; RFC 6761, section 6.4),
 * so no server on any network has this name, and the egress guard refuses it like every other such name.
 */
export const INSPECTOR_HOST = "inspector.invalid";

/** Responses that the inspector can be set to give. */
export const INSPECTOR_RESPONSES = ["200", "404", "410", "429", "500", "redirect", "timeout"] as const;
export type InspectorResponse = (typeof INSPECTOR_RESPONSES)[number];

export type InspectorChoice = {
  readonly answer: InspectorResponse;
  /** The `Retry-After` of a 429. */
  readonly retryAfterSeconds: number;
};

export const INSPECTOR_CHOICE_DEFAULT: InspectorChoice = { answer: "200", retryAfterSeconds: 30 };
export const INSPECTOR_RETRY_AFTER_MAX_S = 3600;

/** Requests kept per workspace. At the maximum size they stay under 2 MiB. */
export const INSPECTOR_REQUESTS_MAX = 50;

/** The URL of a workspace's inspector. Only OpenSend itself creates a connection with it. */
export function inspectorUrl(workspaceId: string): URL {
  return new URL(`https://${INSPECTOR_HOST}/${workspaceId}`);
}
