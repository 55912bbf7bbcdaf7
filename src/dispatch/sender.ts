import type { Connector, ConnectorRequest } from "../connectors/contract.ts";
import { serializeEvent } from "../domain/event.ts";
import type { OnStage, Outcome } from "../domain/outcome.ts";
import { readTraceContext } from "../domain/trace-context.ts";
import type { DueDelivery } from "./due-delivery.ts";
import type { SignedDelivery } from "./signed-delivery.ts";

/** Carries a request to its receiver. Any network failure is an outcome, not an exception. */
export type SendSigned = (
  request: ConnectorRequest,
  signed: SignedDelivery,
  onStage: OnStage | null,
) => Promise<Outcome>;

/** Returns the listener for the stages of this attempt, or null if no one watches. */
export type StagesListener = (signed: SignedDelivery) => OnStage | null;

type SenderDeps = {
  readonly connectorFor: (provider: string) => Pick<Connector, "buildRequest">;
  /** OpenSend's version, for the user agent. */
  readonly version: string;
  /** Wall-clock time, which receivers compare with their clocks; it can be set back. */
  readonly wallNow: () => number;
  readonly sendSigned: SendSigned;
  readonly stagesListener: StagesListener;
};

/** Signs deliveries, and sends exactly what was signed. */
export class Sender {
  readonly #deps: SenderDeps;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
  }

  /** Serializes the exact body and signs those bytes. */
  sign(delivery: DueDelivery, startedAt: number): SignedDelivery {
    const { connectorFor, wallNow, version } = this.#deps;
    const { connection, event } = delivery;
    const body = serializeEvent(event);
    if (connection.credentials === null) return { delivery, startedAt, body, request: null };
    const request = connectorFor(connection.provider).buildRequest({
      credentials: connection.credentials,
      eventId: event.id,
      body,
      timestampSeconds: Math.floor(wallNow() / 1000),
      version,
      traceContext: event.traceContext === null ? null : readTraceContext(event.traceContext),
    });
    return { delivery, startedAt, body, request };
  }

  /** Unreadable credentials are an outcome like any other. */
  async send(signed: SignedDelivery): Promise<Outcome> {
    const { sendSigned, stagesListener } = this.#deps;
    if (signed.request !== null) return sendSigned(signed.request, signed, stagesListener(signed));
    return {
      kind: "failure",
      failure: { code: "credentials_unreadable", stage: "dns" },
      timings: { dns: null, connect: null, tls: null, sent: null, first_byte: null, total: 0 },
    };
  }
}
