import { newConnectionRow } from "../../src/connections/connect.ts";
import type { ConnectionRow } from "../../src/connections/connection-row.ts";
import { sealCredentials } from "../../src/connections/endpoint.ts";
import type { Keyring } from "../../src/crypto/keyring.ts";
import type { OpenedConnection } from "../../src/dispatch/opened-connections.ts";
import type { Actor } from "../../src/domain/actor.ts";
import { createEventFilter } from "../../src/domain/event-filter.ts";
import { createEchoMask } from "../../src/domain/mask-echo.ts";
import { type Behavior, PERSONAS } from "./behaviors.ts";
import { RETIRED_TYPES } from "./event-types.ts";
import { identityAt } from "./identities.ts";
import { type SeededRandom, WeightedChoice } from "./random.ts";
import { ConnectionNames, RECEIVERS, type ReceiverKind } from "./receivers.ts";
import { idAt } from "./seeded-id.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A connection with its planned history. */
export type PlannedConnection = {
  readonly row: ConnectionRow;
  readonly opened: OpenedConnection;
  readonly behavior: Behavior;
  readonly subscribesTo: (type: string) => boolean;
  /** The median response time. */
  readonly responseMs: number;
};

export type PlanInput = {
  readonly connections: number;
  readonly types: readonly string[];
  readonly history: { readonly from: number; readonly until: number };
  readonly actor: Actor;
  readonly keyring: Keyring;
  /** The receiver for deliveries that a server sends from this database: never the hosts shown in the dashboard. */
  readonly receiverUrl: URL;
};

/** The connections, in the order of their creation. */
export function planConnections(input: PlanInput, random: SeededRandom): readonly PlannedConnection[] {
  const names = new ConnectionNames();
  const behaviors = assignBehaviors(input, random);
  const createdAt = behaviors
    .map(() => input.history.from - random.int(1, 200) * DAY_MS - random.int(0, DAY_MS))
    .sort((a, b) => a - b);
  return behaviors.map((behavior, index) =>
    planConnection(input, random, { behavior, createdAt: createdAt[index] ?? 0, index, names }),
  );
}

/**
 * Every kind of connection occurs at least once if there are enough connections, otherwise by weight, in random order.
 */
function assignBehaviors({ connections, history }: PlanInput, random: SeededRandom): readonly Behavior[] {
  const [usual, ...others] = PERSONAS;
  const behaviors = others.flatMap(({ weight, plan }) =>
    Array.from({ length: Math.max(1, Math.round((weight * connections) / 100)) }, (_, index) =>
      plan(history, random, index),
    ),
  );
  while (usual !== undefined && behaviors.length < connections)
    behaviors.push(usual.plan(history, random, 0));
  return behaviors
    .slice(0, connections)
    .map((behavior) => ({ behavior, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ behavior }) => behavior);
}

type Planned = {
  readonly behavior: Behavior;
  readonly createdAt: number;
  readonly index: number;
  readonly names: ConnectionNames;
};

const KINDS = Object.keys(RECEIVERS) as ReceiverKind[];
const BY_KIND = new WeightedChoice(KINDS.map((kind) => RECEIVERS[kind].weight));
const SIGNED_SHARE = 0.6;
const LIMITED_SHARE = 0.05;

function planConnection(
  input: PlanInput,
  random: SeededRandom,
  { behavior, createdAt, index, names }: Planned,
): PlannedConnection {
  const { actor, keyring } = input;
  const kind = behavior.receiver ?? KINDS[BY_KIND.draw(random)] ?? "custom";
  const { name, host } = names.next(kind, random);
  const webhookUrl = RECEIVERS[kind].url(host, random);
  const signingSecret = random.chance(SIGNED_SHARE)
    ? `whsec_${Buffer.from(random.bytes(32)).toString("base64")}`
    : null;
  const eventTypes = chooseTypes(input, behavior, index, random);
  const created = newConnectionRow(
    { keyring, now: () => createdAt },
    actor,
    {
      provider: "webhook",
      name,
      description: null,
      eventTypes,
      identity: identityAt(index),
      limits: { rateLimitPerMinute: random.chance(LIMITED_SHARE) ? 600 : null },
    },
    { webhookUrl, signingSecret },
  );
  const id = idAt(createdAt, random);
  const { pathname, search } = new URL(webhookUrl);
  const sentTo = new URL(`${pathname}${search}`, input.receiverUrl).href;
  const binding = { workspaceId: actor.workspaceId, connectionId: id };
  const sealed = sealCredentials(keyring, binding, { webhookUrl: sentTo, signingSecret });
  const row = { ...created, id, sealed_credentials: sealed };
  return {
    row,
    opened: openedConnection(row, { webhookUrl, signingSecret }),
    behavior,
    subscribesTo: createEventFilter(eventTypes),
    responseMs: Math.round(random.around(140, 0.7)),
  };
}

/** Some of the first connections subscribe to everything, such as a data lake; at most this many. */
const ALL_TYPES_MAX = 3;
const FREQUENT_TYPES = 5;
const PREFIX_SHARE = 0.06;

function chooseTypes(
  { types, connections }: PlanInput,
  { traffic, receiver }: Behavior,
  index: number,
  random: SeededRandom,
): readonly string[] {
  if (traffic === "retired") return [random.pick(RETIRED_TYPES)];
  const frequent = types.slice(0, FREQUENT_TYPES);
  if (traffic === "frequent") return [...new Set([random.pick(frequent), random.pick(frequent)])];
  if (receiver === null && index < Math.min(ALL_TYPES_MAX, connections / 10)) return ["*"];
  const byInterest = new WeightedChoice(types.map((_, place) => (place + 1) ** -0.3));
  const chosen = Array.from({ length: random.int(1, 3) }, () => types[byInterest.draw(random)] ?? "");
  const isPrefix = random.chance(PREFIX_SHARE);
  return [...new Set(isPrefix ? chosen.map((type) => `${type.slice(0, type.indexOf("."))}.*`) : chosen)];
}

function openedConnection(
  row: ConnectionRow,
  credentials: { readonly webhookUrl: string; readonly signingSecret: string | null },
): OpenedConnection {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    provider: row.provider,
    version: row.version,
    isOrdered: false,
    concurrency: row.concurrency,
    hasRateLimit: row.rate_limit_per_minute !== null,
    timeoutMs: row.timeout_seconds * 1000,
    endpoint: {
      host: row.endpoint_host,
      preview: row.endpoint_preview,
      fingerprint: row.endpoint_fingerprint,
      receiver: row.receiver,
    },
    credentials,
    maskEcho: createEchoMask(credentials),
  };
}
