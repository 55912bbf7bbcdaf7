import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
  createEventFilter,
  createSystemEventFilter,
  explainNoMatch,
  isOperationalType,
  receivesSome,
} from "./event-filter.ts";

suite("an event filter", () => {
  const ROWS: readonly [patterns: readonly string[], wanted: readonly string[], others: readonly string[]][] =
    [
      [
        ["*"],
        ["order", "order.paid", "integrations.x", "x.integration"],
        ["integration", "integration.paused"],
      ],
      [["order"], ["order"], ["order.paid", "orders", "Order", "integration.paused"]],
      [["order.paid"], ["order.paid"], ["order", "order.paid.late", "order.paids", "xorder.paid"]],
      [
        ["order.*"],
        ["order.paid", "order.paid.late"],
        ["order", "orders.x", "x.order.paid", "integration.order"],
      ],
      [
        ["order.paid.*", "user"],
        ["order.paid.late", "user"],
        ["order.paid", "order.late", "user.made"],
      ],
      [["integration.paused"], ["integration.paused"], ["integration.test", "order", "integration"]],
      [
        ["integration.*"],
        ["integration.paused", "integration.test"],
        ["integration", "integrations.x", "order"],
      ],
      [["*", "integration.*"], ["order", "integration.paused"], ["integration"]],
      [["*", "integration"], ["order", "integration"], ["integration.paused"]],
      [[], [], ["order", "*"]],
    ];
  for (const [patterns, wanted, others] of ROWS) {
    const wants = createEventFilter(patterns);
    for (const type of wanted)
      test(`of ${JSON.stringify(patterns)} wants ${type}`, () => assert.ok(wants(type)));
    for (const type of others)
      test(`of ${JSON.stringify(patterns)} leaves ${type}`, () => assert.ok(!wants(type)));
  }

  const word = fc.constantFrom("order", "orders", "paid", "integration", "a");
  const type = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join("."));
  const pattern = fc.oneof(
    type,
    type.map((prefix) => `${prefix}.*`),
    fc.constant("*"),
  );

  test("wants what one of its patterns wants", () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), type, (patterns, one) => {
        const single = patterns.some((each) => createEventFilter([each])(one));
        assert.equal(createEventFilter(patterns)(one), single);
      }),
    );
  });

  test("explains each event that it keeps out, and no other, while it is not disconnected", () => {
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1 }), type, (patterns, one) => {
        for (const status of ["connected", "paused"] as const) {
          assert.equal(explainNoMatch(one, patterns, status) === null, createEventFilter(patterns)(one));
        }
      }),
    );
  });
});

test("only the first word makes a type OpenSend's own", () => {
  for (const type of ["integration", "integration.paused", "integration.a.b"])
    assert.ok(isOperationalType(type));
  for (const type of ["integrations", "integration-x", "x.integration", "Integration.paused", ""]) {
    assert.ok(!isOperationalType(type), type);
  }
});

suite("why an event did not match", () => {
  const ROWS: readonly [type: string, patterns: readonly string[], reason: string][] = [
    ["order.paid", ["user.*"], "`order.paid` is not among the event types of the connection: `user.*`."],
    [
      "order",
      ["order.*", "user"],
      "`order` is not among the event types of the connection: `order.*`, `user`.",
    ],
    [
      "x",
      ["a", "b", "c", "d", "e", "f", "g"],
      "`x` is not among the event types of the connection: `a`, `b`, `c`, `d`, `e` and 2 more.",
    ],
    [
      "integration.paused",
      ["*", "order"],
      "`*` leaves out OpenSend's own events: name `integration.paused` or `integration.*` to receive this one.",
    ],
    [
      "integration.paused",
      ["order"],
      "`integration.paused` is not among the event types of the connection: `order`.",
    ],
  ];
  for (const [type, patterns, reason] of ROWS) {
    test(`is told for ${type} and ${JSON.stringify(patterns)}`, () => {
      assert.equal(explainNoMatch(type, patterns, "connected"), reason);
    });
  }

  test("is the status of a disconnected connection, whatever its patterns", () => {
    for (const patterns of [["*"], ["user"]]) {
      assert.match(
        explainNoMatch("order", patterns, "disconnected") ?? "",
        /^The connection was disconnected/,
      );
    }
  });

  test("is nothing for a paused connection that wants it: its events queue", () => {
    assert.equal(explainNoMatch("order", ["*"], "paused"), null);
  });
});

suite("OpenSend's own events", () => {
  const ROWS: readonly [patterns: readonly string[], wanted: readonly string[]][] = [
    [["*"], []],
    [["integration.*"], ["integration.paused", "integration.test"]],
    [["integration.paused"], ["integration.paused"]],
    [["delivery.failed"], ["delivery.failed"]],
    [["delivery.*"], []],
    [
      ["*", "integration.*"],
      ["integration.paused", "integration.test"],
    ],
    [
      ["integration.*", "delivery.failed"],
      ["integration.paused", "integration.test", "delivery.failed"],
    ],
  ];
  for (const [patterns, wanted] of ROWS) {
    test(`that ${JSON.stringify(patterns)} asks for are ${JSON.stringify(wanted)}`, () => {
      const types = ["integration.paused", "integration.test", "delivery.failed"];
      assert.deepEqual(types.filter(createSystemEventFilter(patterns)), wanted);
    });
  }
});

suite("a pattern that is asked for", () => {
  const ROWS: readonly (readonly [patterns: string[], asked: string, isReceived: boolean])[] = [
    [["*"], "order.*", true],
    [["*"], "integration.*", false],
    [["integration.paused"], "integration.*", true],
    [["order.paid"], "*", true],
    [["order.paid"], "order.*", true],
    [["order.paid.late"], "order.paid.*", true],
    [["order.*"], "order.paid.*", true],
    [["order.paid.*"], "order.*", true],
    [["order"], "order.*", false],
    [["orders.*"], "order.*", false],
    [["order.*"], "order.paid", true],
    [["order.*"], "order", false],
  ];
  for (const [patterns, asked, isReceived] of ROWS) {
    test(`${asked} is ${isReceived ? "" : "not "}received with ${JSON.stringify(patterns)}`, () => {
      assert.equal(receivesSome(patterns, asked), isReceived);
    });
  }
});
