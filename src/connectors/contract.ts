import type { Credentials } from "../domain/connection.ts";
import type { AttemptErrorCode } from "../domain/delivery.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { TraceContext } from "../domain/trace-context.ts";

/**
 * One field that a person fills in. Validation, masking, the API's schema, the form and the documentation follow from
 * it.
 */
export type ConnectorField = {
  readonly label: string;
  readonly kind: "text" | "url" | "secret";
  readonly required: boolean;
  readonly lengthMax: number;
  /** Sealed at rest and never shown again. */
  readonly sealed: boolean;
  readonly help: string;
};

/** The input for building one request. */
export type RequestInput = {
  readonly credentials: Credentials;
  readonly eventId: string;
  /** The exact body that is signed and sent. */
  readonly body: string;
  readonly timestampSeconds: number;
  /** Version of OpenSend, for the user agent. */
  readonly version: string;
  /** The event's place in its sender's trace; null if the sender gave none. */
  readonly traceContext: TraceContext | null;
};

export type ConnectorRequest = {
  readonly method: "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Names of the headers whose values are credentials and never shown. */
  readonly sealedHeaders: readonly string[];
  readonly body: string;
};

/** The meaning of an outcome for the delivery. */
export type Reading = {
  readonly ok: boolean;
  readonly error: { readonly code: AttemptErrorCode; readonly message: string } | null;
  /** Seconds the receiver asked to wait before the next attempt (RFC 9110, 10.2.3); null if it did not. */
  readonly retryAfterSeconds: number | null;
};

/** A kind of destination: a description and two pure functions. A connector neither sends nor stores. */
export type Connector = {
  readonly provider: string;
  readonly name: string;
  readonly description: string;
  readonly scopes: readonly string[];
  readonly fields: Readonly<Record<string, ConnectorField>>;
  readonly buildRequest: (input: RequestInput) => ConnectorRequest;
  readonly readResponse: (outcome: Outcome, now: number) => Reading;
};
