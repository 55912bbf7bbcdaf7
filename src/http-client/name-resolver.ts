import { type Hosts, parseHosts } from "./hosts-file.ts";
import { queryAddresses } from "./query-addresses.ts";
import { parseResolvConf } from "./resolv-conf.ts";
import { ResolverPool } from "./resolver-pool.ts";
import { SendError } from "./send-error.ts";
import { SystemLookup } from "./system-lookup.ts";
import { WatchedFile } from "./watched-file.ts";

/** Every address of a name. Rejects with a SendError or Node's DNS error codes; `signal` cancels it. */
export type Resolve = (hostname: string, signal: AbortSignal) => Promise<readonly string[]>;

export type NameResolverOptions = {
  /** Addresses with ports; the name servers of resolv.conf by default. */
  readonly servers?: readonly string[];
  readonly hostsPath?: string;
  readonly resolvConfPath?: string;
  readonly system?: Pick<SystemLookup, "find">;
};

/**
 * Resolves names as this system would, without a thread: the hosts file, then DNS by c-ares, then DNS with the search
 * domains of resolv.conf. For a name that all of these deny, asks the system, which may know it by other means.
 */
export class NameResolver {
  readonly #hosts: WatchedFile<Hosts>;
  readonly #pool: ResolverPool;
  readonly #system: Pick<SystemLookup, "find">;

  constructor(options: NameResolverOptions = {}) {
    const resolvConf = new WatchedFile(options.resolvConfPath ?? "/etc/resolv.conf", parseResolvConf);
    this.#hosts = new WatchedFile(options.hostsPath ?? "/etc/hosts", parseHosts);
    this.#pool = new ResolverPool(resolvConf, options.servers ?? null);
    this.#system = options.system ?? new SystemLookup();
  }

  readonly resolve: Resolve = async (name, signal) => {
    const listed = this.#hosts.read().get(name);
    if (listed !== undefined) return listed;
    const found = await this.#askNameServers(name, signal);
    if (found.length > 0) return found;
    const known = await this.#system.find(name, signal);
    if (known.length === 0) throw new SendError("dns_not_found", "ENOTFOUND");
    return known;
  };

  async #askNameServers(name: string, signal: AbortSignal): Promise<readonly string[]> {
    const lent = this.#pool.take();
    const cancel = () => lent.dns.cancel();
    signal.addEventListener("abort", cancel);
    try {
      for (const candidate of candidatesOf(name, lent.config.searchDomains)) {
        const addresses = await queryAddresses(lent.dns, candidate);
        if (addresses.length > 0) return addresses;
        if (signal.aborted) throw new SendError("interrupted");
      }
      return [];
    } finally {
      signal.removeEventListener("abort", cancel);
      this.#pool.release(lent);
    }
  }
}

const DNS_NAME_LENGTH_MAX = 253;

/** The name as written comes first, so that no search domain can capture a public name (RFC 1535). */
function candidatesOf(name: string, searchDomains: readonly string[]): readonly string[] {
  const searched = searchDomains.map((domain) => `${name}.${domain}`);
  return [name, ...searched.filter((candidate) => candidate.length <= DNS_NAME_LENGTH_MAX)];
}
