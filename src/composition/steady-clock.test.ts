import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createSteadyClock } from "./steady-clock.ts";

const START = Date.UTC(2026, 5, 6);
const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** A machine with a wall clock that can be stepped and a monotonic clock. */
function machine() {
  const state = { wall: START, monotonic: 123 };
  const clock = createSteadyClock({ wall: () => state.wall, monotonic: () => state.monotonic });
  const pass = (ms: number) => {
    state.wall += ms;
    state.monotonic += ms;
    return clock.now();
  };
  const step = (ms: number) => {
    state.wall += ms;
    return clock.now();
  };
  return { clock, state, pass, step };
}

describe("the steady clock", () => {
  it("follows the wall clock while that goes forward, even in steps", () => {
    const { state, pass, step } = machine();
    assert.equal(pass(5), START + 5);
    assert.equal(step(HOUR), state.wall);
    assert.equal(pass(1), state.wall);
  });

  it("runs at half speed after the wall clock was set back, until that has caught up", () => {
    const { state, clock, pass, step } = machine();
    const before = pass(5);
    assert.equal(step(-HOUR), before);
    assert.equal(pass(10 * SECOND), before + 5 * SECOND);
    assert.equal(pass(40 * SECOND), before + 25 * SECOND);
    assert.equal(pass(2 * HOUR), state.wall);
    assert.equal(pass(SECOND), state.wall);
    assert.equal(clock.now(), state.wall);
  });

  it("does not lose fractions of a millisecond", () => {
    const { pass, step } = machine();
    const before = pass(5);
    step(-HOUR);
    let now = before;
    for (let index = 0; index < 10_000; index++) now = pass(0.25);
    assert.equal(now, before + 1250);
  });

  it("treats a lead of more than 25 hours as an error, and follows the wall clock back", () => {
    const { state, pass, step } = machine();
    pass(5);
    assert.equal(step(-25 * HOUR - 1), state.wall);
    assert.equal(pass(SECOND), state.wall);
  });

  it("continues from a time that was reached before it was started", () => {
    const { clock, pass } = machine();
    clock.advanceTo(START + HOUR);
    assert.equal(clock.now(), START + HOUR);
    assert.equal(pass(10 * SECOND), START + HOUR + 5 * SECOND);
    clock.advanceTo(START);
    assert.equal(clock.now(), START + HOUR + 5 * SECOND);
  });

  it("ignores a time that is more than 25 hours ahead", () => {
    const { clock } = machine();
    clock.advanceTo(START + 25 * HOUR + 1);
    assert.equal(clock.now(), START);
  });

  it("never goes back and never runs faster than real time, whatever the wall clock does", () => {
    const move = fc.record({
      passedMs: fc.nat({ max: HOUR }),
      stepMs: fc.integer({ min: -2 * HOUR, max: 2 * HOUR }),
    });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 10 }), (moves) => {
        const { clock, state, pass, step } = machine();
        let before = clock.now();
        for (const { passedMs, stepMs } of moves) {
          for (const move of [() => step(stepMs), () => pass(passedMs)]) {
            const now = move();
            assert.ok(now >= before);
            assert.ok(now >= state.wall, "is never behind the wall clock");
            assert.ok(now === state.wall || now - before <= passedMs);
            before = now;
          }
        }
      }),
    );
  });
});
