import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createNotDelivered, type UndeliveredEvent } from "./not-delivered.ts";

const EVENT: UndeliveredEvent = {
  type: "order.paid",
  origin: "application",
  acceptedAt: 1000,
  aboutConnectionId: null,
};
const CONNECTION = { id: "a", status: "connected", createdAt: 1, eventTypes: '["*"]' } as const;

suite("why an event was not delivered to a connection", () => {
  test("is the connection's age before its status, and its status before its event types", () => {
    const why = createNotDelivered(EVENT);
    const types = '["user.*"]';
    assert.equal(why({ ...CONNECTION, createdAt: 1001, status: "disconnected" }), "created_later");
    assert.equal(why({ ...CONNECTION, status: "disconnected", eventTypes: types }), "disconnected");
    assert.equal(why({ ...CONNECTION, eventTypes: types }), "event_type");
    assert.equal(why({ ...CONNECTION, status: "paused", eventTypes: types }), "event_type");
  });

  test("is a later change when nothing else explains it", () => {
    assert.equal(createNotDelivered(EVENT)(CONNECTION), "changed_later");
    assert.equal(createNotDelivered(EVENT)({ ...CONNECTION, createdAt: 1000 }), "changed_later");
  });

  test("is a missing name for OpenSend's own events, which `*` does not include", () => {
    const event = { ...EVENT, type: "delivery.failed", origin: "system", aboutConnectionId: "a" } as const;
    const why = createNotDelivered(event);
    assert.equal(why(CONNECTION), "system_event");
    assert.equal(why({ ...CONNECTION, eventTypes: '["delivery.failed"]' }), "about_itself");
    assert.equal(why({ ...CONNECTION, id: "b", eventTypes: '["delivery.failed"]' }), "changed_later");
    const paused = createNotDelivered({ ...event, type: "integration.paused" });
    assert.equal(paused({ ...CONNECTION, eventTypes: '["integration.*"]' }), "about_itself");
  });
});
