import type { SignatureVerdict } from "./diagnostics/signature-verdict.ts";
import type { InspectorAnswer } from "./inspector.ts";

/** A request that came to the built-in inspector, as lists show it. Times are epoch milliseconds. */
export type InspectedRequest = {
  readonly id: string;
  readonly deliveryId: string;
  readonly eventId: string;
  readonly eventType: string;
  /** What the inspector did with it. */
  readonly answer: InspectorAnswer;
  readonly verdict: SignatureVerdict;
  /** Length of the whole body. */
  readonly bodyBytes: number;
  readonly createdAt: number;
};

/** With what it carried. */
export type InspectedRequestDetail = InspectedRequest & {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Its beginning, where it is longer than what is kept. */
  readonly body: string;
  readonly isBodyCut: boolean;
};
