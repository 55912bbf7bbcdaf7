import type { Outcome } from "../domain/outcome.ts";
import type { DeliveryDeps } from "./deps.ts";
import type { SignedDelivery } from "./sign.ts";

/** Sends the signed bytes. Credentials that could not be opened are an outcome like any other. */
export async function send(
  deps: Pick<DeliveryDeps, "send" | "stagesListener">,
  signed: SignedDelivery,
): Promise<Outcome> {
  if (signed.request !== null) return deps.send(signed.request, signed, deps.stagesListener(signed));
  return {
    kind: "failure",
    failure: { code: "credentials_unreadable", stage: "dns" },
    timings: { dns: null, connect: null, tls: null, sent: null, first_byte: null, total: 0 },
  };
}
