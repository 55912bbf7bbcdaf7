import type { InspectorResponse } from "../../../src/domain/inspector.ts";

type ResponseOption = {
  readonly value: InspectorResponse;
  readonly label: string;
  readonly description: string;
};

/** Each response of the inspector, with its effect on a real event. */
export const INSPECTOR_RESPONSES: readonly ResponseOption[] = [
  { value: "200", label: "200 OK", description: "Delivered. The connection is healthy." },
  { value: "404", label: "404 Not Found", description: "Retried: ten attempts over three days." },
  {
    value: "410",
    label: "410 Gone",
    description: "The connection is paused. Pending deliveries wait until you resume it.",
  },
  {
    value: "429",
    label: "429 Too Many Requests",
    description: "The whole connection waits for the time in Retry-After.",
  },
  { value: "500", label: "500 Internal Server Error", description: "Retried on the same schedule." },
  {
    value: "redirect",
    label: "302 Redirect",
    description: "Not followed. Counts as a failure and is retried.",
  },
  {
    value: "timeout",
    label: "No response",
    description: "The attempt times out, after 15 s unless you change it, and is retried.",
  },
];

/** The response to the next request: "404", "no response". */
export function responseWords(response: InspectorResponse): string {
  if (response === "timeout") return "no response";
  return response === "redirect" ? "302" : response;
}

/** The response that a request got: "Responded 404", "No response". */
export function sentResponseWords(response: InspectorResponse): string {
  return response === "timeout" ? "No response" : `Responded ${responseWords(response)}`;
}
