import type { FastifyReply } from "fastify";

/** Names a request header that the response depends on, beside those that are named already. */
export function addVary(reply: FastifyReply, name: string): void {
  const named = String(reply.getHeader("vary") ?? "");
  const names = named.split(",").map((one) => one.trim().toLowerCase());
  if (names.includes(name) || names.includes("*")) return;
  reply.header("vary", named === "" ? name : `${named}, ${name}`);
}
