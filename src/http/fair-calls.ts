import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import { addressSubject } from "../domain/address-subject.ts";
import { OpenSendError } from "../domain/errors.ts";
import { FairSlots, type ReleaseSlot, type SlotLimits } from "../domain/fair-slots.ts";
import type { ApiServer } from "./api-server.ts";

/** The shared resource that a call uses while it is handled; "nothing" for calls that use none. */
export type CallKind = "database" | "receiver" | "password" | "nothing";

/**
 * PostgreSQL has ten connections for reads. A receiver can take seconds but uses no connection meanwhile. A password
 * hash occupies one of four threads for about 60 ms.
 */
const LIMITS: Record<Exclude<CallKind, "nothing">, SlotLimits> = {
  database: { slotsMax: 10, partOfFree: 2, waitingMax: 50, waitingOfAllMax: 1000 },
  receiver: { slotsMax: 64, partOfFree: 4, waitingMax: 50, waitingOfAllMax: 500 },
  password: { slotsMax: 2, partOfFree: 2, waitingMax: 10, waitingOfAllMax: 100 },
};
const BUSY_RETRY_S = 1;

/**
 * Limits concurrent calls per workspace and in total: a workspace with slow or many calls waits for its own and leaves
 * room for others and for events. A call counts until its handler ends, even if the caller has left, since the work
 * goes on.
 */
export function registerFairCalls(app: ApiServer): void {
  const slots = {
    database: new FairSlots(LIMITS.database),
    receiver: new FairSlots(LIMITS.receiver),
    password: new FairSlots(LIMITS.password),
  };
  // Fastify registers each GET route again for HEAD, with the handler that is already wrapped.
  const bounded = new WeakSet<RouteHandlerMethod>();
  app.addHook("onRoute", (route) => {
    const { config, handler, url } = route;
    const kind = config?.calls ?? (config?.requires === "send" ? "nothing" : "database");
    if (kind === "nothing" || !url.startsWith("/api/") || bounded.has(handler)) return;
    route.handler = async function boundedHandler(request, reply) {
      const leave = await enter(slots[kind], request);
      try {
        return await (handler.call(this, request, reply) as Promise<unknown> | FastifyReply);
      } finally {
        leave();
      }
    };
    bounded.add(route.handler);
  });
}

async function enter(slots: FairSlots, request: FastifyRequest): Promise<ReleaseSlot> {
  const slot = slots.enter(partyOf(request));
  if (slot === "party") throw tooManyCalls(request);
  if (slot === "all") {
    throw new OpenSendError("overloaded", "More calls are waiting than the server can hold. Try again.", {
      retryAfterSeconds: BUSY_RETRY_S,
    });
  }
  const leave = await slot;
  if (!request.raw.socket.destroyed) return leave;
  leave();
  throw new OpenSendError("invalid_request", "The caller went away before the call began.");
}

/** The party that shares a limit: a workspace, or an address for callers without valid credentials. */
export function partyOf({ identity, ip }: FastifyRequest): string {
  return identity === null ? `address:${addressSubject(ip)}` : `workspace:${identity.workspaceId}`;
}

function tooManyCalls({ identity }: FastifyRequest): OpenSendError {
  const who = identity === null ? "This address" : "This workspace";
  return new OpenSendError(
    "rate_limited",
    `${who} has too many calls waiting. Wait for their responses before you make more.`,
    { retryAfterSeconds: BUSY_RETRY_S },
  );
}
