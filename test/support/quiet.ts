import { setTimeout } from "node:timers/promises";
import type { Page, Request } from "playwright-core";

const WAIT_MS = 10_000;
const POLL_MS = 25;
/** The number of consecutive checks that must find no request in flight. */
const IDLE_CHECKS = 3;
/** Lets the page handle the responses it has received: the page's own tasks run before these. */
const RUN_PENDING_TASKS = `(async () => {
  for (let turns = 0; turns < 3; turns += 1) {
    await new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { port1.close(); done(); };
      port2.postMessage(null);
    });
  }
})()`;

/**
 * Follows the requests of a page from now on. The returned function waits until no request is in flight and handling
 * the responses has caused no new one. Playwright's own wait takes half a second of silence.
 */
export function followRequests(page: Page): () => Promise<void> {
  const inFlight = new Set<Request>();
  let requests = 0;
  page.on("request", (request) => {
    requests += 1;
    // A stream stays open.
    if (!new URL(request.url()).pathname.endsWith("/stream")) inFlight.add(request);
  });
  page.on("requestfinished", (request) => inFlight.delete(request));
  page.on("requestfailed", (request) => inFlight.delete(request));
  return async () => {
    const deadline = Date.now() + WAIT_MS;
    let before = -1;
    for (
      let idleChecks = 0;
      idleChecks < IDLE_CHECKS;
      idleChecks = inFlight.size === 0 && requests === before ? idleChecks + 1 : 0
    ) {
      if (Date.now() > deadline) throw new Error(`still requests ${[...inFlight].map((one) => one.url())}`);
      before = requests;
      await setTimeout(POLL_MS);
      await page.evaluate(RUN_PENDING_TASKS);
    }
  };
}
