import net, { isIP, type LookupFunction, type Socket } from "node:net";
import tls from "node:tls";
import type { SendFailureCode, SendStage } from "../domain/outcome.ts";
import type { AddressPolicy } from "./address-policy.ts";
import type { Deadlines } from "./deadlines.ts";
import { issuerProblem } from "./issuer-problem.ts";
import { judgeAddresses } from "./judge-addresses.ts";
import type { Lookup, LookupAsker } from "./lookup.ts";
import type { NameLookups } from "./name-lookups.ts";
import { type OutboundProxy, openTunnel } from "./proxy-tunnel.ts";
import { SESSION_TICKETS_MAX, SESSION_TICKETS_TOO_MANY } from "./read-limits.ts";
import { explainRefusal, isAddressRefusal } from "./refusal.ts";
import { SendError } from "./send-error.ts";
import { trustsOwnAuthorities } from "./trusted-authorities.ts";
import type { UrlTarget } from "./url-policy.ts";

/** What every connection is created with. */
export type DialContext = {
  readonly judgeAddress: AddressPolicy;
  readonly lookups: Pick<NameLookups, "lookUp">;
  readonly proxy: OutboundProxy | null;
  readonly secureContext: () => tls.SecureContext;
  readonly deadlines: Deadlines;
};

/** Called once, with the connected socket or with why there is none; not at all once the dial is aborted. */
export type DialCallback = (...result: [error: null, socket: Socket] | [error: Error, socket: null]) => void;

type DialStage = Extract<SendStage, "dns" | "connect" | "tls">;

/** A slow address must leave time for the next one within the connect deadline. */
const ATTEMPT_TIMEOUT_MS = 1_000;
const TCP_KEEP_ALIVE_DELAY_MS = 60_000;

/**
 * Opens one connection: resolves the name once, checks every address, connects to one of exactly these, and verifies
 * TLS for the name. One refused address among good ones refuses all, since which of them answers is not ours to choose.
 * With a proxy, names are the proxy's to resolve and to check; addresses written in the URL are still checked here.
 */
export class Dial {
  /** The stage under way, or the last one. */
  stage: DialStage = "dns";
  readonly timings: Record<DialStage, number | null> = { dns: null, connect: null, tls: null };
  /** Told when the next stage begins, while someone watches the request. */
  onStage: (() => void) | null = null;

  readonly #context: DialContext;
  readonly #url: URL;
  readonly #target: UrlTarget;
  readonly #asker: LookupAsker;
  #callback: DialCallback | null;
  #stageStartedAt = 0;
  #lookup: Lookup | null = null;
  #held: { destroy(): void } | null = null;

  constructor(context: DialContext, url: URL, target: UrlTarget, asker: LookupAsker, callback: DialCallback) {
    this.#context = context;
    this.#url = url;
    this.#target = target;
    this.#asker = asker;
    this.#callback = callback;
    context.deadlines.start(this);
    void this.#connect().then(
      (socket) => this.#settle(null, socket),
      (error: Error) => this.#settle(error, null),
    );
  }

  /** Gives up without calling back; does nothing to a connection that stands. */
  abort(): void {
    this.#callback = null;
    this.#context.deadlines.clear(this);
    this.#lookup?.cancel();
    this.#held?.destroy();
  }

  expire(): void {
    this.#settle(new SendError(this.overdueCode), null);
  }

  /** What to report when time runs out now. */
  get overdueCode(): SendFailureCode {
    return this.stage === "dns" && this.#lookup !== null ? this.#lookup.overdueCode : "timeout";
  }

  #settle(...result: Parameters<DialCallback>): void {
    const callback = this.#callback;
    if (callback === null) {
      result[1]?.destroy();
      return;
    }
    this.#callback = null;
    this.#context.deadlines.clear(this);
    if (result[0] === null) {
      // A socket that was handed over is no longer this dial's to destroy.
      this.#held = null;
    } else {
      if (this.#stageStartedAt > 0) this.#endStage();
      this.#lookup?.cancel();
      this.#held?.destroy();
    }
    callback(...result);
  }

  async #connect(): Promise<Socket> {
    const { proxy } = this.#context;
    const addresses = await this.#checkedAddresses();
    this.#startStage("connect");
    const plain =
      proxy === null
        ? await this.#connectTo(addresses)
        : await openTunnel(proxy, this.#authority(), this.#hold);
    this.#hold(plain);
    this.#endStage();
    const socket = this.#url.protocol === "https:" ? await this.#secure(plain) : plain;
    if (socket.destroyed) throw new SendError("connection_reset");
    return socket;
  }

  async #checkedAddresses(): Promise<readonly string[]> {
    const target = this.#target;
    const addresses = target.kind === "name" ? await this.#lookUp(target.name) : target.addresses;
    const refusal = judgeAddresses(addresses, this.#url, this.#context.judgeAddress);
    if (refusal !== null) {
      const code = isAddressRefusal(refusal) ? "blocked_address" : "blocked_url";
      throw new SendError(code, explainRefusal(refusal, this.#url));
    }
    return addresses;
  }

  async #lookUp(name: string): Promise<readonly string[]> {
    if (this.#context.proxy !== null) return [];
    this.#startStage("dns");
    this.#lookup = this.#context.lookups.lookUp(name, this.#asker);
    const addresses = await this.#lookup.addresses;
    if (addresses.length === 0) throw new SendError("dns_not_found");
    this.#endStage();
    return addresses;
  }

  #connectTo(addresses: readonly string[]): Promise<Socket> {
    const socket = net.connect({
      host: this.#hostname(),
      port: this.#port(),
      lookup: pinnedTo(addresses),
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT_MS,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: TCP_KEEP_ALIVE_DELAY_MS,
    });
    this.#hold(socket);
    return connected(socket, "connect");
  }

  #secure(plain: Socket): Promise<Socket> {
    this.#startStage("tls");
    const host = this.#hostname();
    const socket = tls.connect({
      socket: plain,
      host,
      // An address has no server name (RFC 6066, section 3); the certificate is then checked for the address.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ALPNProtocols: ["http/1.1"],
      secureContext: this.#context.secureContext(),
    });
    this.#hold(socket);
    limitSessionTickets(socket);
    const readLeaf = noteLeaf(socket);
    return connected(socket, "secureConnect").then(
      () => {
        this.#endStage();
        return socket;
      },
      (error: NodeJS.ErrnoException) => {
        const code = issuerProblem(error.code, readLeaf(), trustsOwnAuthorities);
        throw code === null ? error : new SendError(code, error.code);
      },
    );
  }

  #startStage(stage: DialStage): void {
    this.stage = stage;
    this.#stageStartedAt = performance.now();
    this.onStage?.();
  }

  #endStage(): void {
    this.timings[this.stage] = performance.now() - this.#stageStartedAt;
  }

  readonly #hold = (resource: { destroy(): void }): void => {
    this.#held = resource;
    if (this.#callback === null) resource.destroy();
  };

  /** The host without the brackets of IPv6 and without the dot at the end, which no certificate has. */
  #hostname(): string {
    return this.#url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  }

  #port(): number {
    if (this.#url.port !== "") return Number(this.#url.port);
    return this.#url.protocol === "https:" ? 443 : 80;
  }

  #authority(): string {
    return `${this.#url.hostname}:${this.#port()}`;
  }
}

/** A lookup that knows one answer, so that what was checked is what is connected to. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, _options, callback) => callback(null, entries);
}

/** A refused certificate is gone with its socket, so it is noted before Node judges it (the event comes to us first). */
function noteLeaf(socket: tls.TLSSocket): () => tls.PeerCertificate | undefined {
  let leaf: tls.PeerCertificate | undefined;
  socket.prependListener("secure", () => {
    leaf = socket.getPeerCertificate();
  });
  return () => leaf;
}

function limitSessionTickets(socket: tls.TLSSocket): void {
  let tickets = 0;
  socket.on("session", () => {
    tickets += 1;
    if (tickets > SESSION_TICKETS_MAX) {
      socket.destroy(new SendError("response_too_large", SESSION_TICKETS_TOO_MANY));
    }
  });
}

function connected<S extends Socket>(socket: S, event: "connect" | "secureConnect"): Promise<S> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve(socket));
    socket.once("close", () => reject(new SendError("connection_reset")));
    // Stays: an error that comes before the connection listens must not end the process.
    socket.on("error", reject);
  });
}
