import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
  createEventFilter,
  createSystemEventFilter,
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
      test(`of ${JSON.stringify(patterns)} does not want ${type}`, () => assert.ok(!wants(type)));
  }

  const word = fc.constantFrom("order", "orders", "paid", "integration", "a");
  const type = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join("."));
  const pattern = fc.oneof(
    type,
    type.map((prefix) => `${prefix}.*`),
    fc.constant("*"),
  );

  test("wants a type that one of its patterns wants", () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), type, (patterns, one) => {
        const single = patterns.some((each) => createEventFilter([each])(one));
        assert.equal(createEventFilter(patterns)(one), single);
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
    test(`selected by ${JSON.stringify(patterns)} are ${JSON.stringify(wanted)}`, () => {
      const types = ["integration.paused", "integration.test", "delivery.failed"];
      assert.deepEqual(types.filter(createSystemEventFilter(patterns)), wanted);
    });
  }
});

suite("a requested pattern", () => {
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
