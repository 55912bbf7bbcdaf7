import type { Logger } from "pino";
import { recordAudit } from "../audit/record-audit.ts";
import { openInspectorConnection } from "../connections/inspector-connection.ts";
import type { Keyring } from "../crypto/keyring.ts";
import type { Store } from "../db/open.ts";
import { shownHeaders } from "../dispatch/describe-attempt.ts";
import type { SendSigned } from "../dispatch/sender.ts";
import type { SignedDelivery } from "../dispatch/signed-delivery.ts";
import { INSPECTOR_HOST } from "../domain/inspector.ts";
import { findDeliveriesTo, lockPayloads } from "../history/find-deliveries-to.ts";
import type { Egress, LookupRequester, SendUnderWay } from "../http-client/egress.ts";
import type { InspectedConnection, InspectorDeps, StoreDeps } from "../inspector/deps.ts";
import { Inspector } from "../inspector/inspector.ts";
import { storeArrivals } from "../inspector/store-arrivals.ts";
import type { Changes } from "../realtime/changes.ts";

export type InspectorInput = {
  readonly store: Store;
  readonly keyring: Keyring;
  readonly changes: Changes;
  readonly logger: Logger;
  readonly now: () => number;
  readonly wallNow: () => number;
};

/** The built-in inspector, and the dependencies of its API calls. */
export function composeInspector(input: InspectorInput): {
  inspector: Inspector<SignedDelivery>;
  deps: InspectorDeps;
} {
  const { store, keyring, changes, logger, now, wallNow } = input;
  const { db, transact } = store;
  const storeDeps: StoreDeps = {
    db,
    transact,
    keyring,
    openConnection: async (workspaceId) =>
      toInspected(await openInspectorConnection({ db, keyring }, workspaceId)),
    findDeliveries: (...of) => findDeliveriesTo(db, ...of),
    lockPayloads: (trx, ...of) => lockPayloads(trx, store.dialect, ...of),
    publishChange: (...change) => changes.publish(...change),
  };
  const inspector = new Inspector<SignedDelivery>({
    db,
    store: (...arrived) => storeArrivals(storeDeps, ...arrived),
    now,
    wallNow,
    onError: (error) => logger.warn({ err: error }, "requests to the inspector not kept"),
  });
  const deps: InspectorDeps = {
    db,
    keyring,
    recordAudit,
    publishManyChanges: (workspaceId) => changes.publishMany(workspaceId),
    now,
  };
  return { inspector, deps };
}

/** Requests to the inspector stay in this process; all others leave through the egress. */
export function createSend(
  egress: Pick<Egress<SignedDelivery>, "send">,
  inspector: Pick<Inspector<SignedDelivery>, "receive">,
): SendSigned {
  return (request, signed, onStage) => {
    const { timeoutMs } = signed.delivery.connection;
    return request.url.hostname === INSPECTOR_HOST
      ? inspector.receive({ ...request, headers: shownHeaders(request), timeoutMs }, signed, onStage)
      : egress.send({ ...request, requester: requesterOf(signed), timeoutMs }, signed, onStage);
  };
}

function requesterOf({ delivery }: SignedDelivery): LookupRequester {
  return { workspaceId: delivery.connection.workspaceId, isInteractive: delivery.trigger === "test" };
}

/** The requests in progress, both of the egress and of the inspector. */
export function* sendsUnderWay(
  egress: Pick<Egress<SignedDelivery>, "underWay">,
  inspector: Pick<Inspector<SignedDelivery>, "underWay">,
): Generator<SendUnderWay<SignedDelivery>> {
  yield* egress.underWay();
  yield* inspector.underWay();
}

function toInspected(
  opened: Awaited<ReturnType<typeof openInspectorConnection>>,
): InspectedConnection | null {
  if (opened === null) return null;
  const { connectionId, credentials } = opened;
  if (credentials === null) return { connectionId, secrets: "unreadable" };
  const { signingSecret, previousSecret } = credentials;
  return { connectionId, secrets: { signingSecret, previousSecret: previousSecret ?? null } };
}
