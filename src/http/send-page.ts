import { randomBytes } from "node:crypto";
import type { FastifyReply } from "fastify";
import { pagePolicy } from "./secure-headers.ts";

/** In a page, marks the places for the response's nonce. */
const NONCE_PLACEHOLDER = "__CSP_NONCE__";

/** Sends HTML under a policy that runs only scripts and styles with this response's nonce. */
export function sendPage(reply: FastifyReply, html: string): FastifyReply {
  const nonce = randomBytes(16).toString("base64");
  return reply
    .code(200)
    .header("content-security-policy", pagePolicy(nonce))
    .header("cache-control", "no-store")
    .type("text/html; charset=utf-8")
    .send(html.replaceAll(NONCE_PLACEHOLDER, nonce));
}
