import type { FastifyRequest } from "fastify";
import { allows, type Identity, isConfined, toActor } from "../auth/identity.ts";
import { readSession } from "../auth/sessions.ts";
import { connectionNotFound, getConnection } from "../connections/read.ts";
import type { Database } from "../db/open.ts";
import type { Access } from "../db/schema.ts";
import type { Actor } from "../domain/actor.ts";
import { OpenSendError } from "../domain/errors.ts";
import type { ApiServer } from "./api-server.ts";
import { findSchemeFault, readBearer } from "./bearer.ts";
import type { LimitRate } from "./rate-limit.ts";
import { givenId } from "./schemas/shared.ts";
import type { Services } from "./services.ts";

/** Names the workspace that a page shows, so that the page never acts in another one after the session has switched. */
const SHOWN_WORKSPACE_HEADER = "opensend-workspace";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Authenticates the caller before the body is read. An API key takes precedence over a cookie, so that the key's limits
 * apply in a browser too.
 */
export function registerAuthentication(app: ApiServer, services: Services, limitRate: LimitRate): void {
  app.decorateRequest("identity", null);
  app.decorateRequest("renewedCookies", null);
  app.addHook("onRequest", async (request, reply) => {
    const requirement = request.routeOptions.config.requires;
    if (requirement === undefined) return limitRate(request, reply);
    const identity = await identify(request, services);
    // Callers without valid credentials are counted by address, so that no one can try keys without limit.
    request.identity = identity;
    await limitRate(request, reply);
    if (identity === null) throw unauthenticated(request);
    const { keepsToOwn } = request.routeOptions.config;
    if (!allows(identity, requirement, keepsToOwn !== undefined)) throw forbidden(identity);
    if (keepsToOwn === "by id") await requireOwn(services.instance.db, identity, request.params);
  });
  app.addHook("onSend", (request, reply, payload, done) => {
    for (const cookie of request.renewedCookies ?? []) reply.header("set-cookie", cookie);
    done(null, payload);
  });
}

/**
 * Refuses a connection that a key may not see as if it did not exist. Ownership never changes, so checking before the
 * call is safe.
 *
 * @throws {OpenSendError} `not_found`.
 */
async function requireOwn(db: Database, identity: Identity, params: unknown): Promise<void> {
  if (!isConfined(identity)) return;
  const id = givenId.safeParse((params as { readonly id?: unknown }).id);
  // The route itself refuses a malformed id.
  if (!id.success) return;
  const connection = await getConnection(db, identity.workspaceId, id.data);
  if (connection.ownerKeyId !== identity.ownerId) throw connectionNotFound();
}

async function identify(request: FastifyRequest, services: Services): Promise<Identity | null> {
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined) {
    const key = readBearer(authorization);
    return key === null ? null : services.access.keyLookup.find(key, request.ip);
  }
  if (cookie === undefined) return null;
  const session = await readSession(services.access.sessions, cookie);
  if (session === null) return null;
  if (!SAFE_METHODS.has(request.method))
    requireSameOrigin(request, services.instance.settings.publicUrl, "required");
  request.renewedCookies = session.cookies;
  requireShownWorkspace(request, session.identity.workspaceId);
  return session.identity;
}

function requireShownWorkspace(request: FastifyRequest, workspaceId: string): void {
  const shown = request.headers[SHOWN_WORKSPACE_HEADER];
  if (shown === undefined || shown === workspaceId) return;
  throw new OpenSendError(
    "workspace_changed",
    "This browser is signed in to another workspace than the page shows. Nothing was done. Reload the page.",
  );
}

/**
 * A browser says which site a write comes from; another site's page must not write with this site's cookie.
 *
 * @throws {OpenSendError} `cross_origin`.
 */
export function requireSameOrigin(
  request: FastifyRequest,
  publicUrl: string,
  presence: "required" | "if present",
): void {
  const { origin } = request.headers;
  if (origin === undefined && presence === "if present") return;
  const own = [publicUrl, `${request.protocol}://${request.host}`];
  if (origin !== undefined && own.includes(origin)) return;
  throw new OpenSendError(
    "cross_origin",
    "A change with a session cookie needs the Origin header of this instance. Scripts use an API key instead; behind a proxy set OPENSEND_PUBLIC_URL.",
  );
}

function unauthenticated({ headers }: FastifyRequest): OpenSendError {
  const { authorization, cookie } = headers;
  const given = authorization !== undefined || cookie !== undefined;
  const fault = authorization === undefined ? null : findSchemeFault(authorization);
  const detail = given
    ? "The API key or session is unknown, expired or revoked. Use a current key as `Authorization: Bearer os_…`, or sign in again."
    : "Send an API key as `Authorization: Bearer os_…`, or sign in to the dashboard.";
  return new OpenSendError("unauthenticated", fault ?? detail);
}

const KEY_REFUSALS: Readonly<Record<Access, string>> = {
  full_access: "This call is for people signed in, not for API keys.",
  sending_access: "This key has sending access and may only post events. Use a key with full access.",
  connections:
    "This key manages the connections that it created, and may read their deliveries and issues, events and event types; it may not make this call. Use a key with full access.",
};

function forbidden(identity: Identity): OpenSendError {
  if (identity.kind === "api_key") {
    return new OpenSendError("forbidden", KEY_REFUSALS[identity.access]);
  }
  return new OpenSendError(
    "forbidden",
    "Your role is viewer, which may look but not change. Ask an owner or admin.",
  );
}

/** The caller of a route that requires one. */
export function callerOf(request: FastifyRequest): Identity {
  if (request.identity === null) throw new Error(`route ${request.routeOptions.url} declares no requirement`);
  return request.identity;
}

/** The person behind a route that requires a session. */
export function sessionOf(request: FastifyRequest): Identity & { kind: "user" } {
  const caller = callerOf(request);
  if (caller.kind !== "user") throw new Error(`route ${request.routeOptions.url} requires no session`);
  return caller;
}

export function actorOf(request: FastifyRequest): Actor {
  return toActor(callerOf(request), request.ip);
}
