import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Alert } from "../api/types.ts";
import { mailWords, recipientWords, watchedWords } from "./alert-words.ts";

const alert = {
  condition: "connection_failing",
  threshold: 5,
  connection_ids: null,
  recipients: { members: [], connection: null },
} as unknown as Alert;

suite("the description of an alert", () => {
  test("says what it watches", () => {
    assert.equal(watchedWords(alert), "Connection failing · after 5 minutes · all connections");
    assert.equal(
      watchedWords({ ...alert, threshold: 0 }),
      "Connection failing · immediately · all connections",
    );
    const backlog: Alert = { ...alert, condition: "backlog", threshold: 1000, connection_ids: ["a"] };
    assert.equal(watchedWords(backlog), "Large backlog · more than 1,000 deliveries · 1 connection");
    assert.equal(
      watchedWords({ ...alert, condition: "connection_paused", threshold: null }),
      "Connection paused · all connections",
    );
    assert.equal(
      watchedWords({ ...alert, condition: "no_events", threshold: 60 }),
      "No events · after 60 minutes",
    );
  });

  test("names the recipients, or says that none is left", () => {
    assert.equal(recipientWords(alert), "No one: all recipients have been removed");
    const recipients = {
      members: [{ id: "1", name: "Ada", email: "ada@example.com" }],
      connection: { id: "2", name: "Slack", status: "connected" },
    };
    assert.equal(recipientWords({ ...alert, recipients }), "Ada, Slack");
  });

  test("counts the sent, waiting and failed mails", () => {
    const mails = { count: 4, sent: 2, failed: 1, error: "no" };
    assert.equal(mailWords({ mails }), "2 mails sent, 1 mail waiting, 1 mail not sent");
    assert.equal(mailWords({ mails: { count: 0, sent: 0, failed: 0, error: null } }), null);
  });
});
