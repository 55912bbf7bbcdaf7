import type { SeededRandom } from "./random.ts";
import { WeightedChoice } from "./random.ts";

/** The most frequent types of an application. */
const HEAD = [
  "order.created",
  "payment.captured",
  "order.paid",
  "customer.updated",
  "shipment.dispatched",
  "cart.abandoned",
  "invoice.finalized",
  "inventory.low",
  "subscription.renewed",
  "ticket.opened",
  "refund.issued",
  "user.signed_up",
];

const OBJECTS = [
  "order",
  "payment",
  "customer",
  "shipment",
  "invoice",
  "subscription",
  "refund",
  "cart",
  "product",
  "inventory",
  "user",
  "ticket",
  "message",
  "document",
  "contract",
  "lead",
  "deal",
  "campaign",
  "review",
  "coupon",
  "gift_card",
  "payout",
  "dispute",
  "warehouse",
  "return",
  "price_list",
  "store",
  "device",
  "report",
  "import",
  "export",
  "feature_flag",
  "team",
  "quote",
  "tax_rate",
  "appointment",
  "loyalty_account",
  "fraud_review",
  "data_processing_agreement",
];
const ACTIONS = ["created", "updated", "deleted", "completed", "failed", "canceled", "approved", "expired"];

/** Types that are no longer sent: a connection that subscribes only to these has become idle. */
export const RETIRED_TYPES = ["partner.sync_requested", "migration.batch_completed"] as const;

const TYPES_MAX = 320;
const TYPES_MIN = 12;

/** Event types by how often they are sent, the most frequent first, with a long tail. */
export function eventTypes(connections: number): readonly string[] {
  const tail = ACTIONS.flatMap((action) => OBJECTS.map((object) => `${object}.${action}`));
  const all = [...new Set([...HEAD, ...tail])];
  return all.slice(0, Math.min(TYPES_MAX, Math.max(TYPES_MIN, Math.round(0.4 * connections))));
}

/** Zipf's law: the second is sent half as often as the first, the third a third as often. */
export function byFrequency(types: readonly string[]): WeightedChoice {
  return new WeightedChoice(types.map((_, index) => 1 / (index + 1)));
}

const FIRST_NAMES = ["Amara", "Jonas", "Mei", "Luis", "Priya", "Oskar", "Fatima", "Noah", "Yuki", "Zoë"];
const LAST_NAMES = ["Okafor", "Lindqvist", "Chen", "Ferreira", "Raman", "Novák", "Haddad", "Baker", "Sato"];
const CURRENCIES = ["EUR", "USD", "GBP", "SEK", "JPY"];
const ITEMS = [
  "Espresso beans 1 kg",
  "Ceramic dripper",
  "Travel mug, 0.4 l",
  "Paper filters (100)",
  "Gift card",
];

/** The data of an event, as compact JSON. */
export function eventData(type: string, at: number, random: SeededRandom): string {
  const object = type.slice(0, type.indexOf("."));
  const [first, last] = [random.pick(FIRST_NAMES), random.pick(LAST_NAMES)];
  const items = Array.from({ length: random.int(1, 4) }, () => ({
    sku: `SKU-${random.int(1000, 9999)}`,
    name: random.pick(ITEMS),
    quantity: random.int(1, 5),
    unit_price: random.int(190, 18_900),
  }));
  return JSON.stringify({
    id: `${object.slice(0, 3)}_${random.hex(16)}`,
    object,
    number: random.int(10_000, 999_999),
    occurred_at: new Date(at).toISOString(),
    customer: {
      id: `cus_${random.hex(12)}`,
      name: `${first} ${last}`,
      email: `${first}.${last}@example.com`.toLowerCase(),
      is_new: random.chance(0.2),
    },
    amount: items.reduce((sum, item) => sum + item.quantity * item.unit_price, 0),
    currency: random.pick(CURRENCIES),
    items,
    metadata: {
      source: random.pick(["web", "ios", "android", "api"]),
      region: random.pick(["eu-west", "us-east"]),
    },
  });
}
