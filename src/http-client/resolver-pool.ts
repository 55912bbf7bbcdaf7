import { promises as dns } from "node:dns";
import type { ResolvConf } from "./resolv-conf.ts";
import type { WatchedFile } from "./watched-file.ts";

/** A c-ares resolver, used for one lookup at a time so that cancelling it cancels no other queries. */
export type LentResolver = { readonly dns: dns.Resolver; readonly config: ResolvConf };

/** The first wait for a name server; later ones are longer. A lost packet is resent within a second. */
const QUERY_TIMEOUT_MS = 500;
/** All waits together exceed any lookup's time, so that the lookup's deadline ends it and not the last try. */
const QUERY_TRIES = 5;
/** Reused resolvers remember which name servers are dead; beyond this many, a new one is as good. */
const IDLE_MAX = 8;

/** Resolvers for this system's name servers, replaced when resolv.conf changes. */
export class ResolverPool {
  readonly #resolvConf: WatchedFile<ResolvConf>;
  readonly #servers: readonly string[] | null;
  readonly #idle: LentResolver[] = [];

  constructor(resolvConf: WatchedFile<ResolvConf>, servers: readonly string[] | null) {
    this.#resolvConf = resolvConf;
    this.#servers = servers;
  }

  take(): LentResolver {
    const config = this.#resolvConf.read();
    // A resolver reads resolv.conf only when it is created.
    if (this.#idle.at(-1)?.config !== config) this.#idle.length = 0;
    return this.#idle.pop() ?? this.#create(config);
  }

  /** Cancels all queries of the resolver. */
  release(lent: LentResolver): void {
    lent.dns.cancel();
    if (this.#idle.length < IDLE_MAX && lent.config === this.#resolvConf.read()) this.#idle.push(lent);
  }

  #create(config: ResolvConf): LentResolver {
    const resolver = new dns.Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });
    if (this.#servers !== null) resolver.setServers(this.#servers);
    return { dns: resolver, config };
  }
}
