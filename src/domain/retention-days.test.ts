import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { effectiveRetentionDays, findRetentionDaysFaults } from "./retention-days.ts";

const LIMITS = { payloadDays: 30, statusDays: 90 };
const FOR_EVER = { payloadDays: 0, statusDays: 0 };

describe("the retention of a workspace", () => {
  it("is the instance's when it sets none", () => {
    assert.deepEqual(effectiveRetentionDays(LIMITS, { payloadDays: null, statusDays: null }), LIMITS);
    assert.deepEqual(effectiveRetentionDays(FOR_EVER, { payloadDays: null, statusDays: null }), FOR_EVER);
  });

  it("can be shorter than the instance's", () => {
    const own = { payloadDays: 1, statusDays: 7 };
    assert.deepEqual(effectiveRetentionDays(LIMITS, own), own);
    assert.deepEqual(effectiveRetentionDays(FOR_EVER, own), own);
  });

  it("is never longer, even if the operator has shortened the instance's since", () => {
    assert.deepEqual(effectiveRetentionDays(LIMITS, { payloadDays: 31, statusDays: 0 }), LIMITS);
    assert.deepEqual(effectiveRetentionDays(LIMITS, { payloadDays: 0, statusDays: 91 }), LIMITS);
  });

  it("never keeps a payload longer than its status", () => {
    const own = { payloadDays: null, statusDays: 10 };
    assert.deepEqual(effectiveRetentionDays(LIMITS, own), { payloadDays: 10, statusDays: 10 });
    assert.deepEqual(effectiveRetentionDays(FOR_EVER, own), { payloadDays: 10, statusDays: 10 });
  });
});

describe("a refused retention", () => {
  const parts = (limits: typeof LIMITS, payloadDays: number | null, statusDays: number | null) =>
    findRetentionDaysFaults(limits, { payloadDays, statusDays }).map(({ part }) => part);

  it("is longer than the instance's, including forever", () => {
    assert.deepEqual(parts(LIMITS, 31, 90), ["payloadDays"]);
    assert.deepEqual(parts(LIMITS, 0, 91), ["payloadDays", "statusDays"]);
    assert.deepEqual(parts(LIMITS, 30, 0), ["statusDays"]);
    assert.deepEqual(parts({ payloadDays: 30, statusDays: 0 }, 30, 0), []);
  });

  it("deletes statuses before payloads", () => {
    assert.deepEqual(parts(LIMITS, 20, 19), ["statusDays"]);
    assert.deepEqual(parts(LIMITS, null, 29), ["statusDays"]);
    assert.deepEqual(parts(FOR_EVER, null, 29), ["statusDays"]);
    assert.deepEqual(parts(FOR_EVER, 0, 29), ["statusDays"]);
    assert.deepEqual(parts(LIMITS, 20, 20), []);
    assert.deepEqual(parts(FOR_EVER, 20, 0), []);
    assert.deepEqual(parts(LIMITS, null, 30), []);
  });

  it("gets an error that says what is allowed", () => {
    const [fault] = findRetentionDaysFaults(LIMITS, { payloadDays: 31, statusDays: null });
    assert.equal(fault?.message, "Must be from 1 to 30 days: this instance keeps no longer.");
    const [early] = findRetentionDaysFaults(FOR_EVER, { payloadDays: null, statusDays: 5 });
    assert.equal(early?.message, "Statuses are kept at least as long as payloads, which are kept for ever.");
  });
});
