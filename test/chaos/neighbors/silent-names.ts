import type { Attack } from "./attack.ts";
import { apiOf, connect, connectionIdsOf, postMany, setPaused } from "./attacker-api.ts";

const CONNECTIONS = 24;
const BACKLOG_EACH = 100;
const TYPE = "silent";
/** Far longer than saving and testing take, far shorter than the wait for a name server. */
const SAVE_DEADLINE_MS = 3000;

/** Many connections to names whose name server never responds, each with a backlog. */
export const silentNames: Attack = {
  title: "owns 24 connections to names whose server is silent",
  needsOwnNames: true,
  prepare: async (attacker) => {
    const api = apiOf(attacker);
    const hosts = Array.from({ length: CONNECTIONS }, (_, index) => `n${index}.silent.test`);
    const ids = await Promise.all(
      hosts.map((host) => connect(api, { url: `https://${host}/hook`, types: [TYPE] })),
    );
    await setPaused(api, ids, "pause");
  },
  start: async (attacker) => {
    const api = apiOf(attacker);
    const ids = await connectionIdsOf(api);
    await postMany(api, TYPE, BACKLOG_EACH);
    await setPaused(api, ids, "resume");
    return async () => {
      await setPaused(api, ids, "pause");
      return { "deliveries to silent names": CONNECTIONS * BACKLOG_EACH };
    };
  },
  check: async ({ api, newReceiverUrl }) => {
    const startedAt = performance.now();
    const id = await connect(api, { url: newReceiverUrl("/ok/saved"), types: ["saved"] });
    const tested = await api.post(`/api/integrations/connections/${id}/test`);
    if (tested.status !== 200) return `testing returned ${tested.status}`;
    const { ok, status } = tested.body.delivery;
    if (ok !== true) return `the test was not delivered: ${status ?? "no response"}`;
    const tookMs = Math.round(performance.now() - startedAt);
    return tookMs <= SAVE_DEADLINE_MS ? null : `saving and testing a connection took ${tookMs} ms`;
  },
};
