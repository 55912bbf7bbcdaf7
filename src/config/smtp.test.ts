import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { OptionError } from "./option-error.ts";
import { parseMailFrom, parseSmtpUrl } from "./smtp.ts";

suite("a mail server's URL", () => {
  test("requires STARTTLS to other machines, and uses port 587", () => {
    assert.deepEqual(parseSmtpUrl("smtp://ada:p%40ss%2Fword@mail.example.com"), {
      host: "mail.example.com",
      port: 587,
      tls: "starttls",
      login: { user: "ada", password: "p@ss/word" },
    });
  });

  test("uses TLS from the start with smtps, and port 465", () => {
    assert.deepEqual(parseSmtpUrl("smtps://mail.example.com/"), {
      host: "mail.example.com",
      port: 465,
      tls: "implicit",
      login: null,
    });
  });

  for (const host of ["localhost", "127.0.0.1", "127.8.9.1", "[::1]"]) {
    test(`needs no TLS on this machine: ${host}`, () => {
      assert.equal(parseSmtpUrl(`smtp://${host}:2525`).tls, "none");
      assert.equal(parseSmtpUrl(`smtp://${host}:2525?tls=starttls`).tls, "starttls");
    });
  }

  test("can turn off TLS explicitly", () => {
    assert.equal(parseSmtpUrl("smtp://mailhog:1025?tls=none").tls, "none");
  });

  const wrong = [
    "mail.example.com:587",
    "http://mail.example.com",
    "smtp://",
    "smtp://mail.example.com/path",
    "smtp://mail.example.com#x",
    "smtp://mail.example.com?tls=maybe",
    "smtp://mail.example.com?starttls=1",
    "smtps://mail.example.com?tls=none",
    "smtp://ada@mail.example.com",
    "smtp://:hunter2@mail.example.com",
    "smtp://a@b:hunter2@mail.example.com",
    "smtp://ada:hunter2%zz@mail.example.com",
    "smtp://ada:hunter2%0d%0aQUIT@mail.example.com",
  ];
  for (const text of wrong) {
    test(`is refused without being quoted: ${text}`, () => {
      assert.throws(
        () => parseSmtpUrl(text),
        (error: Error) => error instanceof OptionError && !error.message.includes("hunter2"),
      );
    });
  }
});

suite("a sender of mail", () => {
  test("is an address, or a name with one", () => {
    assert.deepEqual(parseMailFrom("ops@example.com"), { name: "OpenSend", address: "ops@example.com" });
    assert.deepEqual(parseMailFrom('"Ops, Berlin" <ops@example.com>'), {
      name: "Ops, Berlin",
      address: "ops@example.com",
    });
  });

  for (const text of ["ops", "ops@", "a@b, c@d", "Ops <ops@example.com", "a@b\r\nBcc: c@d", "<a@b> <c@d>"]) {
    test(`is refused: ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseMailFrom(text), OptionError);
    });
  }
});
