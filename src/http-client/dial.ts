import net, { isIP, type LookupFunction, type Socket } from "node:net";
import tls from "node:tls";
import type { SendFailureCode, SendStage } from "../domain/outcome.ts";
import type { AddressPolicy } from "./address-policy.ts";
import type { Deadlines } from "./deadlines.ts";
import { issuerProblem } from "./issuer-problem.ts";
import { judgeAddresses } from "./judge-addresses.ts";
import type { Lookup, LookupRequester } from "./lookup.ts";
import type { NameLookups } from "./name-lookups.ts";
import { type OutboundProxy, openTunnel } from "./proxy-tunnel.ts";
import { SESSION_TICKETS_MAX, SESSION_TICKETS_TOO_MANY } from "./read-limits.ts";
import { explainRefusal, isAddressRefusal } from "./refusal.ts";
import { SendError } from "./send-error.ts";
import { trustsOwnAuthorities } from "./trusted-authorities.ts";
import type { UrlTarget } from "./url-policy.ts";

/** The context of every connection. */
export type DialContext = {
  readonly judgeAddress: AddressPolicy;
  readonly lookups: Pick<NameLookups, "lookUp">;
  readonly proxy: OutboundProxy | null;
  readonly secureContext: () => tls.SecureContext;
  readonly deadlines: Deadlines;
};

/** Called once, with the connected socket or an error; not called after the dial is aborted. */
export type DialCallback = (...result: [error: null, socket: Socket] | [error: Error, socket: null]) => void;

type DialStage = Extract<SendStage, "dns" | "connect" | "tls">;

/** Leaves time for the next address within the connect timeout. */
const ATTEMPT_TIMEOUT_MS = 1_000;
const TCP_KEEP_ALIVE_DELAY_MS = 60_000;

/**
 * Opens one connection: resolves the name once, checks every address, connects to one of exactly these, and verifies
 * TLS for the name. One refused address refuses the name, since we cannot choose which address responds. With a proxy,
 * the proxy resolves and checks names; addresses written in the URL are still checked here.
 */
export class Dial {
  /** The current stage, or the last one. */
  stage: DialStage = "dns";
  readonly timings: Record<DialStage, number | null> = { dns: null, connect: null, tls: null };
  /** Called when the next stage begins, while someone watches the request. */
  onStage: (() => void) | null = null;

  readonly #context: DialContext;
  readonly #url: URL;
  readonly #target: UrlTarget;
  readonly #requester: LookupRequester;
  #callback: DialCallback | null;
  #stageStartedAt = 0;
  #lookup: Lookup | null = null;
  #resource: { destroy(): void } | null = null;

  constructor(
    context: DialContext,
    url: URL,
    target: UrlTarget,
    requester: LookupRequester,
    callback: DialCallback,
  ) {
    this.#context = context;
    this.#url = url;
    this.#target = target;
    this.#requester = requester;
    this.#callback = callback;
    context.deadlines.start(this);
    void this.#connect().then(
      (socket) => this.#settle(null, socket),
      (error: Error) => this.#settle(error, null),
    );
  }

  /** Gives up without calling back; an open connection stays open. */
  abort(): void {
    this.#callback = null;
    this.#context.deadlines.clear(this);
    this.#lookup?.cancel();
    this.#resource?.destroy();
  }

  expire(): void {
    this.#settle(new SendError(this.overdueCode), null);
  }

  /** The failure code if time ran out now. */
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
      // The socket now belongs to the caller, so this dial must not destroy it.
      this.#resource = null;
    } else {
      if (this.#stageStartedAt > 0) this.#endStage();
      this.#lookup?.cancel();
      this.#resource?.destroy();
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
        : await openTunnel(proxy, this.#authority(), this.#track);
    this.#track(plain);
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
    this.#lookup = this.#context.lookups.lookUp(name, this.#requester);
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
    this.#track(socket);
    return connected(socket, "connect");
  }

  #secure(plain: Socket): Promise<Socket> {
    this.#startStage("tls");
    const host = this.#hostname();
    const socket = tls.connect({
      socket: plain,
      host,
      // An address cannot be a server name (RFC 6066, section 3); the certificate is then verified for the address.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ALPNProtocols: ["http/1.1"],
      secureContext: this.#context.secureContext(),
    });
    this.#track(socket);
    limitSessionTickets(socket);
    const readLeaf = captureLeaf(socket);
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

  readonly #track = (resource: { destroy(): void }): void => {
    this.#resource = resource;
    if (this.#callback === null) resource.destroy();
  };

  /** The host without IPv6 brackets and without a trailing dot, which certificates never contain. */
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

/** A lookup with fixed addresses, so that the connection goes to the addresses that were checked. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, _options, callback) => callback(null, entries);
}

/**
 * Keeps the leaf certificate before Node verifies it (our listener runs first), since a refused one disappears with its
 * socket.
 */
function captureLeaf(socket: tls.TLSSocket): () => tls.PeerCertificate | undefined {
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
    // This listener stays, so that an error before the connection adds its own does not end the process.
    socket.on("error", reject);
  });
}
