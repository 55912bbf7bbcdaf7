import type { FastifyReply } from "fastify";

/** Adds a request header that the response depends on to Vary. */
export function addVary(reply: FastifyReply, name: string): void {
  const named = String(reply.getHeader("vary") ?? "");
  const names = named.split(",").map((one) => one.trim().toLowerCase());
  if (names.includes(name) || names.includes("*")) return;
  reply.header("vary", named === "" ? name : `${named}, ${name}`);
}
