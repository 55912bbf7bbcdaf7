import type { InspectorChoice, InspectorResponse } from "../domain/inspector.ts";
import type { ReceivedResponse } from "../domain/outcome.ts";

type Head = { readonly status: number; readonly statusText: string };

const HEADS: Record<Exclude<InspectorResponse, "timeout">, Head> = {
  "200": { status: 200, statusText: "OK" },
  "404": { status: 404, statusText: "Not Found" },
  "410": { status: 410, statusText: "Gone" },
  "429": { status: 429, statusText: "Too Many Requests" },
  "500": { status: 500, statusText: "Internal Server Error" },
  redirect: { status: 302, statusText: "Found" },
};

/** Reserved for documentation (RFC 2606, section 3), and never called: redirects are not followed. */
const REDIRECT_TARGET = "https://example.com/moved";

/** The inspector's response as if it had been received over the network; null for no response. */
export function responseOf({ answer, retryAfterSeconds }: InspectorChoice): ReceivedResponse | null {
  if (answer === "timeout") return null;
  return {
    ...HEADS[answer],
    headers: {
      "content-type": "application/json",
      ...(answer === "429" ? { "retry-after": String(retryAfterSeconds) } : {}),
      ...(answer === "redirect" ? { location: REDIRECT_TARGET } : {}),
    },
    body: JSON.stringify({ received: true, inspector: `answers ${answer} as chosen` }),
    truncated: false,
  };
}
