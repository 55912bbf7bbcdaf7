import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { composeMail } from "./compose-mail.ts";

const content = {
  to: "ada@example.com",
  subject: "Subject",
  paragraphs: ["First."],
  footer: "Why you get this.",
};

suite("a mail", () => {
  test("has the same content as text and as HTML", () => {
    const items = [{ title: "Fraud scoring", detail: "failing", url: "https://example.com/c/1" }];
    const mail = composeMail({ ...content, items, link: { label: "Open", url: "https://example.com/" } });
    for (const part of [
      "First.",
      "Fraud scoring",
      "failing",
      "https://example.com/c/1",
      "Open",
      content.footer,
    ]) {
      assert.ok(mail.text.includes(part), part);
      assert.ok(mail.html.includes(part), part);
    }
  });

  test("has a subject of one line, whatever a name contains", () => {
    const subject = "Fraud\r\nBcc: eve@example.com\u2028x\u0000\u202e is failing";
    assert.equal(composeMail({ ...content, subject }).subject, "Fraud Bcc: eve@example.com x  is failing");
  });

  test("has a subject of bounded length", () => {
    assert.equal([...composeMail({ ...content, subject: "é".repeat(1000) }).subject].length, 150);
  });

  test("escapes markup in names", () => {
    const { html } = composeMail({ ...content, paragraphs: ['<img src=x onerror="alert(1)">&'] });
    assert.ok(!html.includes("<img"));
    assert.ok(!html.includes('onerror="'));
  });
});
