import type { Handover } from "../../src/ingest/handover.ts";

/** For an acceptor without a worker in its process: every delivery goes through the queue. */
export const noHandover: Handover = {
  reserve: () => null,
  release: () => undefined,
  receive: () => undefined,
};
