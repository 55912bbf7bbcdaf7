import type { Hmac } from "node:crypto";
import type { FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import { z } from "zod";
import { isConfined } from "../auth/identity.ts";
import { type ErrorCode, OpenSendError } from "../domain/errors.ts";
import { type IdempotentRequest, onlyOnce, type StoreKey } from "../idempotency/only-once.ts";
import type { ApiServer } from "./api-server.ts";
import { callerOf } from "./authenticate.ts";
import { addHeaders, addProblems } from "./schemas/shared.ts";
import type { Services } from "./services.ts";

const KEY_LENGTH_MAX = 255;

const idempotencyHeaders = {
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]+$/, "Use visible ASCII characters without spaces.")
    .max(KEY_LENGTH_MAX)
    .optional()
    .meta({
      description:
        "For 24 hours, the same request with the same key is executed only once; a repeat returns the current object",
    }),
};

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * A route that honors `Idempotency-Key` says so with `honorsIdempotencyKey`, which adds the header to its description.
 * Every other route that can change something refuses the header, because clients that send it rely on it.
 */
export function registerIdempotency(app: ApiServer): void {
  app.addHook("onRoute", (route) => {
    const { schema } = route;
    if (!route.url.startsWith("/api/") || schema === undefined || schema.hide === true) return;
    if ([route.method].flat().every((method) => SAFE_METHODS.has(method))) return;
    if (route.config?.honorsIdempotencyKey === true) {
      addHeaders(schema, idempotencyHeaders);
      addErrors(route, "idempotency_key_reused", "validation_failed");
    } else {
      addErrors(route, "idempotency_not_supported");
      // After authentication, before the body is read.
      route.onRequest = [...[route.onRequest ?? []].flat(), refuseKey];
    }
  });
}

function addErrors(route: RouteOptions, ...codes: ErrorCode[]): void {
  if (route.schema === undefined) return;
  route.schema.response = addProblems(route.schema.response ?? {}, ...codes);
}

async function refuseKey(request: FastifyRequest): Promise<void> {
  if (request.headers["idempotency-key"] === undefined) return;
  throw notSupported(`${request.method} ${request.routeOptions.url} does not take an Idempotency-Key`);
}

/** @throws {OpenSendError} `idempotency_not_supported` for a dry run with a key. */
export function refuseKeyOfDryRun(request: FastifyRequest): void {
  if (request.headers["idempotency-key"] === undefined) return;
  throw notSupported("A dry run changes nothing and does not take an Idempotency-Key");
}

function notSupported(reason: string): OpenSendError {
  return new OpenSendError(
    "idempotency_not_supported",
    `${reason}. Nothing was done. Send the request without the header.`,
  );
}

/** The request's idempotency key with a digest of the request, or null without a key. */
export function readIdempotentRequest(
  { idempotency }: Pick<Services["instance"], "idempotency">,
  request: FastifyRequest,
): IdempotentRequest | null {
  const key = request.headers["idempotency-key"];
  if (typeof key !== "string") return null;
  const { longBody, rawBody } = request;
  if (longBody !== null) return { key, digest: longBody.digest() };
  return { key, digest: beginKeyedDigest(idempotency, request).update(rawBody).digest("hex") };
}

/** Begins the digest of a request with a key, before its body has arrived; null without a key. */
export function beginDigest(
  { idempotency }: Pick<Services["instance"], "idempotency">,
  request: FastifyRequest,
): Hmac | null {
  const key = request.headers["idempotency-key"];
  return typeof key === "string" ? beginKeyedDigest(idempotency, request) : null;
}

function beginKeyedDigest(
  { beginDigest: begin }: Services["instance"]["idempotency"],
  request: FastifyRequest,
): Hmac {
  const { method, routeOptions } = request;
  const caller = callerOf(request);
  const params = {
    ...(request.params as Readonly<Record<string, string>>),
    // A repeat returns the first request's object, so only a key that may see that object may match.
    ...(isConfined(caller) ? { ownerKeyId: caller.ownerId } : {}),
  };
  return begin({ method, route: routeOptions.url ?? "", params });
}

/** Acts once per idempotency key; a repeat returns the object's current state in a response marked as replayed. */
export async function respondOnce<Value>(
  { idempotency }: Pick<Services["instance"], "idempotency">,
  request: FastifyRequest,
  reply: FastifyReply,
  act: (keep: StoreKey) => Promise<Value>,
  read: (objectId: string) => Promise<Value>,
): Promise<Value> {
  const { workspaceId } = callerOf(request);
  const once = readIdempotentRequest({ idempotency }, request);
  const { value, replayed } = await onlyOnce(idempotency, workspaceId, once, act, read);
  if (replayed) markReplayed(reply);
  return value;
}

export function markReplayed(reply: FastifyReply): void {
  reply.header("idempotent-replayed", "true");
}
