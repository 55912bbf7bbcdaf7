import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Evidence, StoredAttempt, StoredDelivery } from "./evidence.ts";
import type { Fault } from "./fault.ts";
import { judge } from "./ledger.ts";
import type { Receipt } from "./receipt.ts";

const PATH = "/ok/a";
const AT = 1_700_000_000_000;

const posted = (isAcknowledged: boolean, ...ids: string[]) => ({
  type: "a",
  events: ids.map((id) => ({ marker: `m-${id}`, ownId: id, acknowledgedId: isAcknowledged ? id : null })),
  idempotencyKey: null,
  postedAt: AT,
  isAcknowledged,
  lostResponses: 0,
  cutOffAt: null,
});
const receipt = (eventId: string, change: Partial<Receipt> = {}): Receipt => {
  const at = change.at ?? AT;
  const respondedAt = at + 1;
  const timestampSeconds = Math.floor(at / 1000);
  const usual = { response: "ok", isFirst: false, respondedAt, closedAt: null } as const;
  return { eventId, path: PATH, timestampSeconds, at, ...usual, ...change };
};
const delivery = (eventId: string, change: Partial<StoredDelivery> = {}): StoredDelivery => ({
  id: `d-${eventId}`,
  event_id: eventId,
  connection_id: "c",
  status: "delivered",
  attempt_count: 1,
  next_attempt_at: null,
  ...change,
});
const attempt = (eventId: string, number: number, change: Partial<StoredAttempt> = {}): StoredAttempt => ({
  delivery_id: `d-${eventId}`,
  number,
  timestampSeconds: Math.floor(AT / 1000),
  response_status: 200,
  error_code: null,
  ...change,
});
const kill = (at: number): Fault => ({ kind: "kill", at, until: at });

/** An event that was acknowledged, delivered immediately and recorded. */
const calm = {
  connections: [{ id: "c", path: PATH, type: "a" }],
  posted: [posted(true, "e")],
  stored: { markers: new Map([["e", "m-e"]]), deliveries: [delivery("e")], attempts: [attempt("e", 1)] },
  receipts: [receipt("e")],
  faults: [],
} satisfies Evidence;

const LATER = AT + 40_000;
/** The same event, sent a second time because the first attempt was not recorded. */
const twice = (first: Partial<Receipt>, faults: readonly Fault[]): Evidence => ({
  ...calm,
  stored: { ...calm.stored, attempts: [attempt("e", 1, { timestampSeconds: Math.floor(LATER / 1000) })] },
  receipts: [receipt("e", first), receipt("e", { at: LATER })],
  faults,
});

describe("the ledger", () => {
  it("finds no faults in a run without faults", () => {
    const ledger = judge(calm);
    assert.deepEqual(ledger.faults, []);
    assert.equal(ledger.deliveriesDelivered, 1);
    assert.equal(ledger.lost, 0);
  });

  it("reports an acknowledged event that is not stored as lost", () => {
    const stored = { markers: new Map<string, string>(), deliveries: [], attempts: [] };
    assert.equal(judge({ ...calm, stored, receipts: [] }).lost, 1);
  });

  it("reports a delivery without a receipt as lost, whatever its status", () => {
    const ledger = judge({ ...calm, receipts: [] });
    assert.equal(ledger.lost, 1);
    assert.match(ledger.faults.join(), /never arrived/);
  });

  it("reports a delivery that is still pending as lost", () => {
    const pending = delivery("e", { status: "pending", attempt_count: 0, next_attempt_at: AT });
    const ledger = judge({ ...calm, stored: { ...calm.stored, deliveries: [pending], attempts: [] } });
    assert.equal(ledger.lost, 1);
    assert.equal(ledger.inconsistent, 1);
  });

  it("reports an event without its delivery, and a partly stored batch", () => {
    const half = judge({ ...calm, stored: { ...calm.stored, deliveries: [], attempts: [] } });
    assert.match(half.faults.join(), /0 of its 1 deliveries/);
    const batch = judge({ ...calm, posted: [posted(false, "e", "f")] });
    assert.match(batch.faults.join(), /of a batch of 2 events 1 are stored/);
  });

  it("reports an event stored a second time under another id", () => {
    const markers = new Map([...calm.stored.markers, ["f", "m-e"]]);
    const stored = {
      markers,
      deliveries: [delivery("e"), delivery("f")],
      attempts: [attempt("e", 1), attempt("f", 1)],
    };
    const secondIds = (...events: { ownId: string | null; acknowledgedId: string | null }[]) => {
      const marked = events.map((event) => ({ marker: "m-e", ...event }));
      const posts = [{ ...posted(true), events: marked }];
      return judge({ ...calm, posted: posts, stored, receipts: [receipt("e"), receipt("f")] }).secondIds;
    };
    assert.equal(secondIds({ ownId: "e", acknowledgedId: "e" }), 1);
    assert.equal(secondIds({ ownId: null, acknowledgedId: "f" }), 1);
    assert.equal(secondIds({ ownId: null, acknowledgedId: null }), 1);
    assert.equal(judge(calm).secondIds, 0);
  });

  it("allows a second delivery after a cut commit only if the first was in flight during the cut", () => {
    const cut = (at: number): Fault => ({ kind: "attempts commit cut", at, until: at });
    assert.deepEqual([...judge(twice({}, [cut(AT + 20)])).twice], [["attempts commit cut", 1]]);
    assert.equal(judge(twice({}, [cut(AT - 1000)])).twice.get("unexplained"), 1);
  });

  it("allows a second delivery of requests that a killed process had in flight", () => {
    const ledger = judge(twice({ closedAt: AT + 30 }, [kill(AT + 20)]));
    assert.deepEqual(ledger.faults, []);
    assert.deepEqual([...ledger.twice], [["kill", 1]]);
    assert.equal(ledger.attemptsUnrecorded, 1);
  });

  it("rejects a second delivery without a fault, or when another process was killed", () => {
    assert.equal(judge(twice({}, [])).twice.get("unexplained"), 1);
    assert.equal(judge(twice({ closedAt: null }, [kill(AT + 20)])).twice.get("unexplained"), 1);
    assert.equal(judge(twice({ closedAt: AT + 9000 }, [kill(AT + 9000)])).twice.get("unexplained"), 1);
  });

  it("counts a request cut on a pooled connection and resent on a new one as one attempt", () => {
    const cut = { response: "cut", respondedAt: null, closedAt: AT } as const;
    const again = { at: AT + 20, isFirst: true } as const;
    const faultsOf = (...receipts: readonly Receipt[]) => judge({ ...calm, receipts }).faults.join();
    assert.equal(faultsOf(receipt("e", cut), receipt("e", again)), "");
    assert.match(faultsOf(receipt("e", { ...cut, isFirst: true }), receipt("e", again)), /not recorded/);
    assert.match(faultsOf(receipt("e", cut), receipt("e", { ...again, isFirst: false })), /not recorded/);
    assert.match(faultsOf(receipt("e", cut), receipt("e", { ...again, at: AT + 2000 })), /not recorded/);
    const twice = receipt("e", { ...cut, isFirst: true, at: AT + 10 });
    assert.match(faultsOf(receipt("e", cut), twice, receipt("e", again)), /not recorded/);
  });

  it("reports a retry sent before it was due", () => {
    const attempts = [
      attempt("e", 1, { response_status: 503, error_code: "http_status" }),
      attempt("e", 2, { timestampSeconds: Math.floor(AT / 1000) + 2 }),
    ];
    const deliveries = [delivery("e", { attempt_count: 2 })];
    const receipts = [receipt("e", { response: "error" }), receipt("e", { at: AT + 2000 })];
    const ledger = judge({ ...calm, stored: { ...calm.stored, deliveries, attempts }, receipts });
    assert.match(ledger.faults.join(), /sent again after 2000 ms/);
  });

  it("reports attempts that are missing, miscounted or out of order", () => {
    const inconsistent = (change: Partial<StoredDelivery>, ...attempts: StoredAttempt[]) => {
      const stored = { ...calm.stored, deliveries: [delivery("e", change)], attempts };
      return judge({ ...calm, stored }).inconsistent;
    };
    assert.equal(inconsistent({ attempt_count: 2 }, attempt("e", 1)), 1);
    assert.equal(inconsistent({}, attempt("e", 2)), 1);
    assert.equal(inconsistent({}), 1);
  });
});
