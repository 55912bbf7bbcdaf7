import { useQuery } from "@tanstack/react-query";
import { deliveryQuery } from "../../deliveries/queries.ts";
import { UntrustedText } from "../../ui/untrusted-text.tsx";

const SHOWN_MAX = 300;

/** The beginning of the receiver's response to the latest attempt; nothing when the response has no body. */
export function ReceiverWords({ deliveryId }: { deliveryId: string }) {
  const delivery = useQuery(deliveryQuery(deliveryId));
  const body = delivery.data?.attempts.at(-1)?.response?.body.trim() ?? "";
  if (body === "") return null;
  return (
    <figure className="mt-2">
      <figcaption className="text-badge text-muted">The receiver's response</figcaption>
      <blockquote className="mt-1 border-l-2 border-line pl-3 font-mono text-badge [overflow-wrap:anywhere]">
        <UntrustedText text={body.length > SHOWN_MAX ? `${body.slice(0, SHOWN_MAX)} …` : body} />
      </blockquote>
    </figure>
  );
}
