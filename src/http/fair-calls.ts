import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import { addressSubject } from "../domain/address-subject.ts";
import { OpenSendError } from "../domain/errors.ts";
import { FairPlaces, type Leave, type PlaceLimits } from "../domain/fair-places.ts";
import type { ApiServer } from "./api-server.ts";

/** What a call takes from others while it is handled; "nothing" for those that ask nothing of anybody. */
export type CallKind = "database" | "receiver" | "password" | "nothing";

/**
 * PostgreSQL has ten connections for reading; a receiver may take seconds and needs none of them meanwhile; a password takes a thread of four for some 60 ms.
 */
const LIMITS: Record<Exclude<CallKind, "nothing">, PlaceLimits> = {
  database: { placesMax: 10, partOfFree: 2, waitingMax: 50, waitingOfAllMax: 1000 },
  receiver: { placesMax: 64, partOfFree: 4, waitingMax: 50, waitingOfAllMax: 500 },
  password: { placesMax: 2, partOfFree: 2, waitingMax: 10, waitingOfAllMax: 100 },
};
const BUSY_RETRY_S = 1;

/**
 * Bounds how many calls are handled at the same time, of one workspace and of all: one with slow or many calls waits for
 * its own, and leaves room for others and for events. Counts from the handler's start to its end, even when the caller
 * has gone: the work goes on.
 */
export function registerFairCalls(app: ApiServer): void {
  const places = {
    database: new FairPlaces(LIMITS.database),
    receiver: new FairPlaces(LIMITS.receiver),
    password: new FairPlaces(LIMITS.password),
  };
  // A route for GET is registered once more for HEAD, with the handler it has by then.
  const bounded = new WeakSet<RouteHandlerMethod>();
  app.addHook("onRoute", (route) => {
    const { config, handler, url } = route;
    const kind = config?.calls ?? (config?.requires === "send" ? "nothing" : "database");
    if (kind === "nothing" || !url.startsWith("/api/") || bounded.has(handler)) return;
    route.handler = async function boundedHandler(request, reply) {
      const leave = await enter(places[kind], request);
      try {
        return await (handler.call(this, request, reply) as Promise<unknown> | FastifyReply);
      } finally {
        leave();
      }
    };
    bounded.add(route.handler);
  });
}

async function enter(places: FairPlaces, request: FastifyRequest): Promise<Leave> {
  const place = places.enter(partyOf(request));
  if (place === "party") throw tooManyCalls(request);
  if (place === "all") {
    throw new OpenSendError("overloaded", "More calls are waiting than the server can hold. Try again.", {
      retryAfterSeconds: BUSY_RETRY_S,
    });
  }
  const leave = await place;
  if (!request.raw.socket.destroyed) return leave;
  leave();
  throw new OpenSendError("invalid_request", "The caller went away before the call began.");
}

/** Who shares a limit: a workspace, or an address where no one is known. */
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
