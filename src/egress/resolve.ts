import { lookup } from "node:dns/promises";

/** Every address of a name; rejects with Node's DNS error codes. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** Asks the system (getaddrinfo), so that its hosts file and search order count. */
export const resolveBySystem: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
};

/**
 * Lets those who ask for a name at the same time share one answer. The system looks up four names at once, so that a
 * backlog for one name whose server is slow would hold up everybody else's. Nothing is kept once it is answered.
 */
export function shareLookups(resolve: Resolve): Resolve {
  const underWay = new Map<string, Promise<readonly string[]>>();
  return (hostname) => {
    const shared = underWay.get(hostname);
    if (shared !== undefined) return shared;
    const answer = resolve(hostname).finally(() => underWay.delete(hostname));
    underWay.set(hostname, answer);
    return answer;
  };
}
