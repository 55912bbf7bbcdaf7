import tls from "node:tls";
import type { OnStage, Outcome, SendFailure } from "../domain/outcome.ts";
import { createAddressPolicy } from "./address-policy.ts";
import { checkUrl, type UrlVerdict } from "./check-url.ts";
import { Deadlines, DeadlinesByDuration } from "./deadlines.ts";
import { Dial, type DialContext } from "./dial.ts";
import { failureOf } from "./failure-of.ts";
import type { LookupRequester } from "./lookup.ts";
import { NameLookups } from "./name-lookups.ts";
import { NameResolver, type Resolve } from "./name-resolver.ts";
import { OriginPools } from "./origin-pools.ts";
import { readProxyUrl } from "./proxy-tunnel.ts";
import { explainRefusal, isAddressRefusal, type UrlRefusalReason } from "./refusal.ts";
import { roundedMs } from "./rounded-ms.ts";
import { type Exchange, type SendRequest, type SendUnderWay, sendRequest } from "./send-request.ts";
import { judgeUrl } from "./url-policy.ts";

export type { UrlVerdict } from "./check-url.ts";
export type { LookupRequester } from "./lookup.ts";
export type { Resolve } from "./name-resolver.ts";
export type { SendRequest, SendUnderWay } from "./send-request.ts";

export type EgressOptions = {
  /** Ranges opened for https and for plain http. */
  readonly allowedCidrs: readonly string[];
  /** True only if the server itself can be reached from this machine alone. */
  readonly allowLoopback: boolean;
  /** The proxy for every request; it resolves names and checks their addresses. */
  readonly proxyUrl: string | null;
  /** From `send` to the last byte of the response, unless the request sets its own. */
  readonly deadlineMs?: number;
  /** For resolving, connecting and TLS together. */
  readonly connectTimeoutMs?: number;
  readonly resolve?: Resolve;
};

/** `Subject` identifies requests to their callers. */
export type Egress<Subject = unknown> = {
  /** Judges a URL before someone in this workspace saves it. Never rejects. */
  checkUrl(text: string, workspaceId: string): Promise<UrlVerdict>;
  /**
   * Sends one POST. Any failure of the network or the receiver is an outcome, and redirects are responses. Rejects only
   * if the request cannot be written, such as for a line break in a header. A refused request enters no stage.
   */
  send(request: SendRequest, subject?: Subject, onStage?: OnStage | null): Promise<Outcome>;
  /** The requests in progress. */
  underWay(): Iterable<SendUnderWay<Subject>>;
  /** Opens a connection as `send` would and closes it again, without a request. Null if that succeeded. */
  probe(url: URL): Promise<SendFailure | null>;
  /** Closes every connection; requests in progress end as interrupted. */
  close(): Promise<void>;
};

const DEADLINE_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** Parts of the connect timeout: a lookup that had to wait for a slot still has its full time. */
const LOOKUP_PART = 0.75;
const QUEUE_PART = 0.2;
/** For checks outside every workspace, with a person waiting. */
const DOCTOR: LookupRequester = { workspaceId: "", isInteractive: true };
/** Each origin keeps at least one open socket; alternating between more origins means reconnecting, not failing. */
const ORIGINS_MAX = 500;

/** The only door to the network. @throws when a range or the proxy's URL is invalid. */
export function createEgress<Subject = unknown>(options: EgressOptions): Egress<Subject> {
  const { deadlineMs = DEADLINE_MS } = options;
  const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const lookups = new NameLookups({
    resolve: options.resolve ?? new NameResolver().resolve,
    lookupTimeoutMs: connectTimeoutMs * LOOKUP_PART,
    queueTimeoutMs: connectTimeoutMs * QUEUE_PART,
  });
  const judgeAddress = createAddressPolicy(options);
  const proxy = options.proxyUrl === null ? null : readProxyUrl(options.proxyUrl);
  const deadlines = new DeadlinesByDuration<Exchange<Subject>>();
  const connectDeadlines = new Deadlines(connectTimeoutMs);
  const secureContext = once(() => tls.createSecureContext());
  const context: DialContext = { judgeAddress, lookups, proxy, secureContext, deadlines: connectDeadlines };
  const pools = new OriginPools(context, ORIGINS_MAX);
  // With a proxy, only the proxy knows the addresses of a name, so none are looked up.
  const lookUpFor = (workspaceId: string) => async (name: string) =>
    proxy === null ? lookups.lookUp(name, { workspaceId, isInteractive: true }).addresses : [];
  let isClosed = false;

  return {
    checkUrl: (text, workspaceId) => checkUrl(text, { judgeAddress, lookUp: lookUpFor(workspaceId) }),

    send: async (request, subject, onStage = null) => {
      const startedAt = performance.now();
      if (isClosed) return failedAtStart({ code: "interrupted", stage: "dns" }, startedAt);
      const { url, timeoutMs = deadlineMs } = request;
      let pool = hasUserInfo(url) ? null : pools.find(url.origin);
      if (pool === null) {
        const judgement = judgeUrl(url, judgeAddress);
        if (!judgement.allowed) return failedAtStart(refusalFailure(judgement.reason, url), startedAt);
        pool = pools.open(url.origin, judgement.target);
      }
      return sendRequest(request, pool, deadlines.of(timeoutMs), startedAt, subject, onStage);
    },

    underWay: () => deadlines.underWay(),

    probe: (url) =>
      new Promise((settle, reject) => {
        const judgement = judgeUrl(url, judgeAddress);
        if (!judgement.allowed) return settle(refusalFailure(judgement.reason, url));
        const dial = new Dial(context, url, judgement.target, DOCTOR, (error, socket) => {
          socket?.destroy();
          const failure = error === null ? null : failureOf(error, dial.stage);
          if (error !== null && failure === null) reject(error);
          else settle(failure);
        });
      }),

    close: async () => {
      isClosed = true;
      pools.close();
      lookups.close();
      deadlines.close();
      connectDeadlines.close();
    },
  };
}

function refusalFailure(reason: UrlRefusalReason, url: URL): SendFailure {
  const code = isAddressRefusal(reason) ? "blocked_address" : "blocked_url";
  return { code, stage: "dns", detail: explainRefusal(reason, url) };
}

function failedAtStart(failure: SendFailure, startedAt: number): Outcome {
  const total = roundedMs(performance.now() - startedAt);
  return {
    kind: "failure",
    failure,
    timings: { dns: null, connect: null, tls: null, sent: null, first_byte: null, total },
  };
}

function hasUserInfo(url: URL): boolean {
  return url.username !== "" || url.password !== "";
}

function once<T>(make: () => T): () => T {
  let cached: { readonly value: T } | null = null;
  return () => {
    cached ??= { value: make() };
    return cached.value;
  };
}
