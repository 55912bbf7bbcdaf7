import type { SignatureVerdict } from "./diagnostics/signature-verdict.ts";
import type { InspectorResponse } from "./inspector.ts";

/** A request received by the built-in inspector, as lists show it. Times are epoch milliseconds. */
export type InspectedRequest = {
  readonly id: string;
  readonly deliveryId: string;
  readonly eventId: string;
  readonly eventType: string;
  /** The inspector's response. */
  readonly answer: InspectorResponse;
  readonly verdict: SignatureVerdict;
  /** Length of the whole body. */
  readonly bodyBytes: number;
  readonly createdAt: number;
};

/** The request with its headers and body. */
export type InspectedRequestDetail = InspectedRequest & {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, or its beginning if it is longer than the stored length. */
  readonly body: string;
  readonly isBodyTruncated: boolean;
};
