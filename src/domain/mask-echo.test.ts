import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import { ECHO_SPELLINGS } from "../../test/corpora/echo-spellings.ts";
import { decodedLayers } from "./decode-escapes.ts";
import { createEchoMask, maskResponse } from "./mask-echo.ts";

const ZAPIER = "https://hooks.zapier.com/hooks/catch/123/abc";

function maskFor(webhookUrl: string, signingSecret: string | null = null) {
  return createEchoMask({ webhookUrl, signingSecret });
}

suite("an echo of the credentials is masked", () => {
  const UUID = "3f0c0f2e-2a3f-4b6b-9c57-5b1f0c2a7e11";
  const ROWS: readonly [what: string, url: string, echo: string, masked: string][] = [
    ["Express's 404", ZAPIER, "Cannot POST /hooks/catch/123/abc", "Cannot POST [redacted]"],
    ["the whole URL", ZAPIER, `at ${ZAPIER}.`, "at [redacted]."],
    ["the path without its slash", ZAPIER, "no hooks/catch/123/abc", "no [redacted]"],
    ["the end of the path", ZAPIER, "no /123/abc here", "no /[redacted] here"],
    ["the path without its trailing slash", `${ZAPIER}/`, "no /hooks/catch/123/abc", "no [redacted]"],
    ["JSON with escaped slashes", ZAPIER, '{"path":"\\/hooks\\/catch\\/123\\/abc"}', '{"path":"[redacted]"}'],
    ["the percent-encoded URL", ZAPIER, `?to=${encodeURIComponent(ZAPIER)}`, "?to=[redacted]"],
    [
      "a path with a token in the middle",
      "https://x.test/in/1234567/ab",
      "no /in/1234567/ab.",
      "no [redacted].",
    ],
    ["a segment", `https://x.test/in/${UUID}`, `unknown hook ${UUID}`, "unknown hook [redacted]"],
    ["a decoded segment", "https://x.test/in/a%20b%20c%201", "no a b c 1", "no [redacted]"],
    ["a value of the query", "https://x.test/?key=s3cr3t1", "bad key s3cr3t1", "bad key [redacted]"],
    ["a query without a name", "https://x.test/?s3cr3t1", "POST /?s3cr3t1", "POST [redacted]"],
    ["a query without a value", "https://x.test/in?s3cr3t1=", '{"s3cr3t1":""}', '{"[redacted]":""}'],
    ["a query with a plus", "https://x.test/?k=ab+cd/1==", "k=ab+cd/1==", "[redacted]"],
    ["a query with a plus read as a space", "https://x.test/?k=ab+cd/1==", "(ab cd/1==)", "([redacted])"],
    ["HTML", "https://x.test/in?a=b&c=d", "POST /in?a=b&amp;c=d", "POST [redacted]"],
    ["HTML by a template", "https://x.test/?k=abcd1==", "(abcd1&#x3D;&#x3D;)", "([redacted])"],
    ["a token in the host", "https://eoabcdefgh.m.pipedream.net/", "host eoabcdefgh", "host [redacted]"],
  ];

  for (const [what, url, echo, masked] of ROWS) {
    test(what, () => assert.equal(maskFor(url)(echo), masked));
  }

  test("the signing secret, escaped or not", () => {
    const mask = maskFor(ZAPIER, `pass"<&>'word/1`);
    assert.equal(mask(`got pass"<&>'word/1.`), "got [redacted].");
    assert.equal(mask(JSON.stringify({ got: `pass"<&>'word/1` })), '{"got":"[redacted]"}');
    assert.equal(mask("got pass&quot;&lt;&amp;&gt;&#39;word/1."), "got [redacted].");
    assert.equal(mask("got pass\\\"\\u003c\\u0026\\u003e'word/1."), "got [redacted].");
  });

  test("repeated so that two occurrences overlap", () => {
    assert.equal(maskFor(ZAPIER, "abcab1abcab")("got abcab1abcab1abcab."), "got [redacted].");
  });

  test("in every part of a response", () => {
    const masked = maskResponse(
      {
        status: 404,
        statusText: `No ${ZAPIER}`,
        headers: { location: `${ZAPIER}/`, "content-type": "text/plain" },
        body: "Cannot POST /hooks/catch/123/abc",
        truncated: false,
      },
      maskFor(ZAPIER),
    );
    assert.deepEqual(masked, {
      status: 404,
      statusText: "No [redacted]",
      headers: { location: "[redacted]/", "content-type": "text/plain" },
      body: "Cannot POST [redacted]",
      truncated: false,
    });
  });
});

suite("an echo of a custom header is masked", () => {
  const ECHOES: readonly [what: string, header: readonly [string, string], echo: string, masked: string][] = [
    ["the value", ["X-Api-Key", "supersecret"], '{"X-Api-Key":"supersecret"}', '{"X-Api-Key":"[redacted]"}'],
    ["the value in another case", ["X-Api-Key", "SuperSecret"], "got supersecret", "got [redacted]"],
    [
      "a token without its scheme",
      ["Authorization", "Bearer tok_123456"],
      "bad tok_123456!",
      "bad [redacted]!",
    ],
    ["user and password", ["Authorization", "Basic YWRhOmh1bnRlcjI="], "ada:hunter2", "[redacted]"],
    [
      "the password",
      ["Authorization", "Basic YWRhOmh1bnRlcjI="],
      "hello ada, hunter2 is old",
      "hello ada, [redacted] is old",
    ],
    ["base64 without padding", ["Authorization", "Basic YWRhOmh1bnRlcjI="], "YWRhOmh1bnRlcjI", "[redacted]"],
    [
      "a user that is the key",
      ["Authorization", "Basic c2tfbGl2ZV8xMjM6"],
      "no sk_live_123",
      "no [redacted]",
    ],
    ["a cookie's value", ["Cookie", 'a=1; sid="s3ss10n-1"; b=2'], "sid s3ss10n-1", "sid [redacted]"],
    [
      "a short value next to its name",
      ["X-Pin", "1234"],
      '{"x-pin": "1234", "n": 1234}',
      '{"[redacted]", "n": 1234}',
    ],
    ["a short value as CGI writes it", ["X-Pin", "1234"], "HTTP_X_PIN=1234", "HTTP_[redacted]"],
    ["a short value as PHP prints it", ["X-Pin", "1234"], "'X-Pin' => '1234'", "'[redacted]'"],
    ["an Accept value next to its name", ["Accept", "text/html"], "accept: text/html", "[redacted]"],
  ];
  for (const [what, [name, value], echo, masked] of ECHOES) {
    test(what, () => {
      const mask = createEchoMask({ webhookUrl: ZAPIER, signingSecret: null, headers: [{ name, value }] });
      assert.equal(mask(echo), masked);
    });
  }

  test("but not its scheme, nor words of HTTP elsewhere", () => {
    const headers = [
      { name: "Authorization", value: "Bearer tok_123456" },
      { name: "Accept", value: "application/json" },
      { name: "X-Pin", value: "1234" },
    ];
    const mask = createEchoMask({ webhookUrl: ZAPIER, signingSecret: null, headers });
    const text = "WWW-Authenticate: Bearer; content-type: application/json; 1234 rows";
    assert.equal(mask(text), text);
  });

  suite("a short value, masked only where it is whole", () => {
    const maskOf = (name: string, value: string) =>
      createEchoMask({ webhookUrl: ZAPIER, signingSecret: null, headers: [{ name, value }] });
    const respond = (
      [name, value]: readonly [string, string],
      { headers = {}, body = "", truncated = false, statusText = "OK" },
    ) => maskResponse({ status: 200, statusText, headers, body, truncated }, maskOf(name, value));
    const PIN = ["X-Pin", "1a2B"] as const;

    const VALUES: readonly [what: string, header: readonly [string, string], echo: string, masked: string][] =
      [
        ["as it is", PIN, "1a2B", "[redacted]"],
        ["in another case, with spaces", PIN, " 1A2b ", " [redacted] "],
        ["in quotation marks", PIN, '"1a2B"', '"[redacted]"'],
        ["with a scheme", PIN, "Bearer 1a2B", "Bearer [redacted]"],
        ["without its scheme", ["Authorization", "Bearer tok_1"], "tok_1", "[redacted]"],
        ["with another scheme", ["Authorization", "Bearer tok_1"], "Token tok_1", "Token [redacted]"],
        ["a password", ["Authorization", "Basic dTpwdw=="], "pw", "[redacted]"],
        ["user and password", ["Authorization", "Basic dTpwdw=="], "u:pw", "[redacted]"],
        ["a cookie's value", ["Cookie", "sid=s3ss; theme=d"], "s3ss", "[redacted]"],
        ["percent-encoded", PIN, "%31a2B", "[redacted]"],
        ["as base64", PIN, "MWEyQg==", "[redacted]"],
        ["as base64 of a user", PIN, "Basic MWEyQg", "Basic [redacted]"],
        ["as hexadecimal", PIN, "31613242", "[redacted]"],
        ["as one of a list", PIN, "a, 1a2B, b", "a, [redacted], b"],
        ["with a comma in it", ["X-Pin", "1,2"], "1,2", "[redacted]"],
        ["not as a part", PIN, "x1a2B", "x1a2B"],
        ["not as a word of others", PIN, "the pin 1a2B is old", "the pin 1a2B is old"],
        ["not a word of HTTP", ["Accept", "a/b"], "a/b", "a/b"],
      ];
    for (const [what, header, echo, masked] of VALUES) {
      test(`in a header: ${what}`, () => {
        assert.deepEqual(respond(header, { headers: { "x-echo": echo } }).headers, { "x-echo": masked });
      });
    }

    const BODIES: readonly [what: string, header: readonly [string, string], echo: string, masked: string][] =
      [
        ["alone, with a line end", PIN, "1a2B\n", "[redacted]"],
        ["a string", PIN, '{"pins":["1a2B","1a2B"]}', '{"pins":["[redacted]","[redacted]"]}'],
        ["a string with a scheme", PIN, '{"a":"Bearer 1a2B"}', '{"a":"Bearer [redacted]"}'],
        ["behind a stray mark", PIN, '5" "1a2B" ', '5" "[redacted]" '],
        ["with escapes", PIN, '{"a":"\\u0031a2B"}', '{"a":"[redacted]"}'],
        [
          "JSON in JSON",
          PIN,
          String.raw`{"a":"{\"b\":\"1a2B\"}"}`,
          String.raw`{"a":"{\"b\":\"[redacted]\"}"}`,
        ],
        ["with a quotation mark", ["X-Pin", 'a"b'], String.raw`{"a":"a\"b"}`, '{"a":"[redacted]"}'],
        ["not a name", PIN, '{"1a2B" : 1}', '{"1a2B" : 1}'],
        ["not a part of a string", PIN, '{"a":"no 1a2B!"}', '{"a":"no 1a2B!"}'],
        ["not other text", PIN, "pin 1a2B, and others", "pin 1a2B, and others"],
      ];
    for (const [what, header, body, masked] of BODIES) {
      test(`in a body: ${what}`, () => assert.equal(respond(header, { body }).body, masked));
    }

    test("where the body is cut off amid it", () => {
      const ends = (body: string) => respond(PIN, { body, truncated: true }).body;
      assert.equal(ends('{"a":"1a2B'), '{"a":"[redacted]');
      assert.equal(ends('{"a":"1a'), '{"a":"[redacted]');
      assert.equal(ends('{"a":"other'), '{"a":"other');
      assert.equal(respond(PIN, { body: '{"a":"1a' }).body, '{"a":"1a');
    });

    test("in a status text, but in no name and no header of HTTP itself", () => {
      const headers = { "x-1": "1", "content-length": "1", "retry-after": "1", age: "1", date: "1" };
      assert.deepEqual(respond(["X-Debug", "1"], { headers, statusText: "1" }), {
        status: 200,
        statusText: "[redacted]",
        headers: { ...headers, "x-1": "[redacted]" },
        body: "",
        truncated: false,
      });
      assert.deepEqual(respond(["X-Mode", "age"], { headers: { age: "5" } }).headers, { age: "5" });
    });

    test("in time, whatever the response contains", () => {
      const headers = Array.from({ length: 20 }, (_, index) => ({ name: `X-${index}`, value: `v${index}` }));
      const mask = createEchoMask({ webhookUrl: ZAPIER, signingSecret: null, headers });
      for (const piece of ['"', '"v', "v1,", ' "', '"v1"', String.raw`\"v1\"`, "%22v1"]) {
        const text = piece.repeat(Math.ceil((16 * 1024) / piece.length));
        const startedAt = performance.now();
        mask(text, true, "body");
        mask(text, false, "header");
        const tookMs = performance.now() - startedAt;
        assert.ok(tookMs < 500, `${piece}: ${tookMs} ms`);
      }
    });
  });

  test("in bounded time, however many and long the headers are", () => {
    const headers = Array.from({ length: 20 }, (_, index) => ({
      name: `X-Header-${index}`,
      value: `${index} ${"k=v1a2b3c4d5; ".repeat(27)}end`,
    }));
    const startedAt = performance.now();
    const mask = createEchoMask({ webhookUrl: ZAPIER, signingSecret: null, headers });
    mask("x".repeat(16 * 1024));
    const tookMs = performance.now() - startedAt;
    assert.ok(tookMs < 1000, `${tookMs} ms`);
  });
});

suite("text that is not a credential is kept", () => {
  test("ordinary words, short parts and the public host", () => {
    const mask = maskFor("https://hooks.zapier.com/hooks/catch/12/ab?v=1", "short");
    const text = "hooks.zapier.com: unknown hooks, catch 12 or ab, v=1, short";
    assert.equal(mask(text), text);
  });

  test("words of the path, on their own", () => {
    const mask = maskFor("https://example.com/orders/incoming/s3cr3t1");
    assert.equal(mask("incoming orders: s3cr3t1"), "incoming orders: [redacted]");
  });

  test("spaces, even if a segment decodes to some", () => {
    assert.equal(maskFor("https://x.test/in/%20%20")("a  b"), "a  b");
  });

  test("everything, when the URL is a bare origin without a secret", () => {
    assert.equal(
      maskFor("https://example.com/")("Cannot POST / on example.com"),
      "Cannot POST / on example.com",
    );
  });
});

suite("a credential cut off at the end", () => {
  test("is masked when the end of the text is missing", () => {
    assert.equal(maskFor(ZAPIER)("Cannot POST /hooks/catch/12", true), "Cannot POST [redacted]");
  });

  test("is kept when the text is complete, since then it is not a credential", () => {
    assert.equal(maskFor(ZAPIER)("Cannot POST /hooks/catch/12"), "Cannot POST /hooks/catch/12");
  });

  test("is masked from its start, even where a later part looks like a start too", () => {
    assert.equal(maskFor("https://x.test/a1b2c3/x/a1b2c3/y")("no /a1b2c3/x/a1b2c3", true), "no [redacted]");
  });

  test("is masked when a part of it is a credential itself", () => {
    const zapier = "https://hooks.zapier.com/hooks/catch/1234567/abcdefg";
    assert.equal(maskFor(zapier)("no /hooks/catch/1234567/abcde", true), "no [redacted]");
  });

  test("is masked when the cut went through a character", () => {
    assert.equal(maskFor(ZAPIER, "geheim-ßecret")("got geheim-\uFFFD", true), "got [redacted]");
  });

  test("is masked only in a truncated body", () => {
    const response = {
      status: 200,
      statusText: "OK",
      headers: {},
      body: "at /hooks/catch/1",
      truncated: true,
    };
    assert.equal(maskResponse(response, maskFor(ZAPIER)).body, "at [redacted]");
    assert.equal(maskResponse({ ...response, truncated: false }, maskFor(ZAPIER)).body, "at /hooks/catch/1");
  });
});

test("a secret of ill-formed Unicode is masked as far as possible without failing", () => {
  const mask = maskFor(ZAPIER, "broken-\ud800-secret");
  assert.equal(mask("got broken-\uFFFD-secret"), "got [redacted]");
});

suite("a token is always masked", () => {
  /** At least six characters and not a plain word: the mask promises to hide these. */
  const token = (characters: string) =>
    fc
      .stringMatching(new RegExp(`^[${characters}]{3,20}[0-9][${characters}]{3,20}$`))
      .filter((text) => /[A-Za-z]/.test(text));
  const PLACES: Record<string, (token: string) => [url: string, secret: string | null]> = {
    "in the path": (token) => [`https://hooks.zapier.com/hooks/catch/123/${token}`, null],
    "in the path, with a trailing slash": (token) => [`https://example.com/in/${token}/`, null],
    "as the only segment": (token) => [`https://hook.eu2.make.com/${token}`, null],
    "as a value of the query": (token) => [`https://example.com/?v=1&key=${token}`, null],
    "as the query": (token) => [`https://example.com/in?${token}`, null],
    "as the secret": (token) => [ZAPIER, token],
  };
  /** Ways in which a receiver can write an echo. */
  const WRITERS: Record<string, (text: string) => string> = {
    "as it is": (text) => text,
    "as JSON": (text) => JSON.stringify(text),
    "as JSON with escaped slashes": (text) => JSON.stringify(text).replaceAll("/", "\\/"),
    "as HTML": (text) =>
      text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("'", "&#39;"),
    "percent-encoded": (text) => encodeURIComponent(text),
  };

  for (const [place, credentialsWith] of Object.entries(PLACES)) {
    for (const [writer, write] of Object.entries(WRITERS)) {
      test(`${place}, echoed ${writer}`, () => {
        fc.assert(
          fc.property(token("A-Za-z0-9_~+=:@!$'-"), fc.string(), fc.string(), (token, before, behind) => {
            const [webhookUrl, secret] = credentialsWith(token);
            const url = new URL(webhookUrl);
            const mask = maskFor(webhookUrl, secret);
            for (const part of [url.href, `${url.pathname}${url.search}`, url.search, token]) {
              const masked = mask(`${before} ${write(part)} ${behind}`);
              assert.ok(!masked.includes(write(token).replace(/^"|"$/g, "")), masked);
              assert.ok(!masked.includes(token), masked);
            }
          }),
        );
      });
    }

    test(`${place}, cut off anywhere`, () => {
      fc.assert(
        fc.property(token("A-Za-z0-9"), fc.nat(120), (token, length) => {
          const [webhookUrl, secret] = credentialsWith(token);
          const echo = `Cannot POST ${webhookUrl} (${secret}) at ${webhookUrl}`.slice(0, length);
          const masked = maskFor(webhookUrl, secret)(echo, true);
          assert.ok(!masked.includes(token.slice(0, 6)), masked);
        }),
      );
    });
  }

  test("as the first label of the host, as at Pipedream", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{6,30}$/), (label) => {
        fc.pre(!"m.pipedream.net".includes(label));
        const masked = maskFor(`https://${label}.m.pipedream.net/`)(
          `Host: ${label}.m.pipedream.net (${label})`,
        );
        assert.ok(!masked.includes(label), masked);
      }),
    );
  });
});

suite("an echo is masked however it is written", () => {
  const PAD = "x".repeat(60);
  const CREDENTIALS: Record<string, readonly [url: string, secret: string | null, echoed: string]> = {
    "a whsec_ secret": [
      ZAPIER,
      "whsec_MfKQ9r8GKYqrTw+UPD8I/PZIo2LaLaSw",
      "whsec_MfKQ9r8GKYqrTw+UPD8I/PZIo2LaLaSw",
    ],
    "a whsec_ secret without its prefix": [
      ZAPIER,
      "whsec_MfKQ9r8GKYqrTw+UPD8I/PZIo2LaLaSw",
      "MfKQ9r8GKYqrTw+UPD8I/PZIo2LaLaSw",
    ],
    "a secret with many punctuation marks": [
      ZAPIER,
      `a<b>&"c'd/e\\f g+h=i%41_@:;`,
      `a<b>&"c'd/e\\f g+h=i%41_@:;`,
    ],
    "a non-ASCII secret": [ZAPIER, "pässwörter-größe", "pässwörter-größe"],
    "a token of the path": ["https://x.test/in/a1B2-c3_D4.e5~", null, "a1B2-c3_D4.e5~"],
    "a path": [ZAPIER, null, "/hooks/catch/123/abc"],
    "a value of the query": ["https://x.test/?key=s3cr3t%2Fv%3D1+2", null, "s3cr3t/v=1+2"],
  };

  test("in at least 40 ways", () => assert.ok(ECHO_SPELLINGS.length >= 40));

  for (const [credential, [url, secret, echoed]] of Object.entries(CREDENTIALS)) {
    for (const { what, write, hasOpenEnds } of ECHO_SPELLINGS) {
      test(`${credential}: ${what}`, () => {
        const masked = maskFor(url, secret)(`(${write(echoed)})`);
        if (hasOpenEnds) assert.match(masked, /^\(.{0,12}\[redacted\].{0,12}\)$/);
        else assert.equal(masked, "([redacted])");
      });
    }

    test(`${credential}: cut off anywhere`, () => {
      for (const { what, write } of ECHO_SPELLINGS.filter(({ hasOpenEnds }) => hasOpenEnds !== true)) {
        const mask = maskFor(url, secret);
        const text = write(echoed);
        for (let length = text.length - 1; length > 0; length--) {
          const shown = mask(`${PAD} ${text.slice(0, length)}`, true).slice(PAD.length + 1);
          if (shown === "[redacted]") continue;
          // Fewer of its characters than the mask promises to hide.
          const left = decodedLayers(shown, true)
            .map((layer) => layer.text)
            .reduce((shortest, one) => (one.length < shortest.length ? one : shortest));
          const isHex = what.startsWith("hexadecimal");
          assert.ok(left.length < (isHex ? 12 : 8), `${what}: ${shown}`);
        }
      }
    });
  }

  test("with a backslash before an unescaped mark", () => {
    const secret = "<!!!!!!\\";
    const hidden = [...secret].join("\u200b");
    for (const written of [hidden, "&lt;!!!!!!\\", "%3C!!!!!!\\", encodeURIComponent(hidden)]) {
      assert.equal(maskFor("https://x.test/", secret)(`(${written})`), "([redacted])", written);
    }
  });

  test("one way within another, whatever the secret is", () => {
    const secret = fc.stringMatching(/^[!-~]{8,40}$/);
    const isExact = ({ what, hasOpenEnds }: (typeof ECHO_SPELLINGS)[number]) =>
      hasOpenEnds !== true && !/case$|byte|hexadecimal|UTF-8 read|lines/.test(what);
    const ways = fc.array(fc.constantFrom(...ECHO_SPELLINGS.filter(isExact)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(secret, ways, (secret, ways) => {
        const written = ways.reduce((text, { write }) => write(text), secret);
        const names = ways.map(({ what }) => what).join(", then ");
        // One of several backslashes that escape each other can remain beside the mask, which reveals nothing.
        const masked = maskFor("https://x.test/", secret)(`(${written})`);
        assert.match(masked, /^\(\\*\[redacted\]\\*\)$/, names);
      }),
      { numRuns: 500 },
    );
  });

  test("a key in every encoding of its bytes", () => {
    const bytes = Buffer.from("31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0", "hex");
    const written = bytes.toString("base64");
    for (const secret of [`whsec_${written}`, written, bytes.toString("hex")]) {
      const mask = maskFor(ZAPIER, secret);
      for (const encoding of ["hex", "base64", "base64url", "latin1"] as const) {
        assert.equal(mask(`(${bytes.toString(encoding)})`), "([redacted])", `${secret} as ${encoding}`);
      }
    }
    const text = maskFor(ZAPIER, `whsec_${Buffer.from("a key that is a text, 1").toString("base64")}`);
    assert.equal(text("(a key that is a text, 1)"), "([redacted])");
    const padded = `whsec_${bytes.subarray(0, 25).toString("base64")}${bytes.toString("base64").slice(0, 2)}==`;
    assert.equal(maskFor(ZAPIER, padded)(`(${padded.replace(/=+$/, "")})`), "([redacted])");
  });

  test("a key and a secret as lists of bytes", () => {
    const secret = `whsec_${Buffer.from("0123456789abcdefghijklmnoü", "latin1").toString("base64")}`;
    const mask = maskFor(ZAPIER, secret);
    for (const bytes of [Buffer.from(secret.slice(6), "base64"), Buffer.from(secret)]) {
      assert.equal(mask(inspect(bytes)), "<Buffer [redacted]>");
      assert.equal(mask(JSON.stringify(bytes)), '{"type":"Buffer","data":[[redacted]]}');
      assert.equal(mask(`[${[...bytes].join(" ")}]`), "[[redacted]]");
      assert.equal(mask(`[${[...new Int8Array(bytes)].join(", ")}]`), "[[redacted]]");
      assert.equal(mask([...bytes].map((byte) => byte.toString(16).toUpperCase()).join(":")), "[redacted]");
    }
  });

  test("a token within a segment or a value", () => {
    const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N";
    for (const [url, token] of [
      ["https://x.test/in;key=a1b2c3d4e5f6", "a1b2c3d4e5f6"],
      ["https://api.telegram.org/bot123456:AAF-1a2b3c4d5e/send", "AAF-1a2b3c4d5e"],
      [`https://x.test/?jwt=${jwt}`, "eyJzdWIiOiIxMjM0NTY3ODkwIn0"],
      ["https://x.test/?auth=%7B%22key%22%3A%22a1b2c3d4e5f6%22%7D", "a1b2c3d4e5f6"],
    ] as const) {
      assert.equal(maskFor(url)(`(${token})`), "([redacted])", url);
    }
    const text = "report v2 of orders.json, 2026-06-06";
    assert.equal(maskFor("https://x.test/in/orders.json;v2/report-2026-06-06.a")(text), text);
  });

  test("the previous secret during a rotation", () => {
    const mask = createEchoMask({
      webhookUrl: ZAPIER,
      signingSecret: "the-new-secret",
      previousSecret: { secret: "the-old+secret", expiresAt: 0 },
    });
    assert.equal(mask("(the-old\\u002bsecret)"), "([redacted])");
  });

  test("in the name of a header, which loses its case, and in its value", () => {
    const mask = maskFor(ZAPIER, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    const headers = {
      "x-mfkq9r8gkyqrtwjupd8ilpzio2lalasw": "1",
      "x-echo": "whsec%5FMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      whsec_mfkq9r8gkyqrtwjupd8ilpzio2lalasw: "2",
      mfkq9r8gkyqrtwjupd8ilpzio2lalasw: "3",
    };
    const response = { status: 200, statusText: "OK", headers, body: "", truncated: false };
    assert.deepEqual(maskResponse(response, mask).headers, {
      "x-[redacted]": "1",
      "x-echo": "[redacted]",
      "[redacted]": "2, 3",
    });
  });
});

suite("a text without credentials is unchanged", () => {
  test("whatever escapes it has", () => {
    const mask = maskFor(ZAPIER, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    const text = String.raw`{"a":"\u00e4\/\"%41%zz%C3%28%","b":"&amp;&nope;&#65;&#xffffffff;"} \x41 \u{ffffffff} İ Σς`;
    assert.equal(mask(text), text);
    assert.equal(mask(`${text} ${ZAPIER} ${text}`), `${text} [redacted] ${text}`);
  });

  test("in bounded time, however deeply its escapes are nested", () => {
    const mask = maskFor(ZAPIER, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    const bytes = 64 * 1024;
    for (const unit of [
      "\\",
      "%25",
      "%",
      "&",
      "&#",
      "&a",
      "&#x61;",
      "%C3%28",
      "\\u005c",
      "\0",
      "whsec_MfKQ9r8GKY",
    ]) {
      const startedAt = performance.now();
      mask(unit.repeat(bytes / unit.length), true);
      assert.ok(performance.now() - startedAt < 1000, unit);
    }
  });
});
