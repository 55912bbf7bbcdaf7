import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { redactHost, redactUrl } from "./redact-url.ts";

const UUID = "3f0c0f2e-2a3f-4b6b-9c57-5b1f0c2a7e11";

suite("the preview of a webhook URL", () => {
  const ROWS: readonly [what: string, url: string, preview: string][] = [
    ["Zapier", "https://hooks.zapier.com/hooks/catch/123/abc", "https://hooks.zapier.com/hooks/…"],
    [
      "Zapier, slash at the end",
      "https://hooks.zapier.com/hooks/catch/1/a/",
      "https://hooks.zapier.com/hooks/…",
    ],
    ["Make", "https://hook.eu2.make.com/q1w2e3r4t5y6u7i8o9p0", "https://hook.eu2.make.com/…"],
    ["Make, letters only", "https://hook.eu2.make.com/abcdefghijklm", "https://hook.eu2.make.com/…"],
    ["n8n", `https://acme.app.n8n.cloud/webhook/${UUID}`, "https://acme.app.n8n.cloud/webhook/…"],
    ["n8n test", `https://n8n.example.com/webhook-test/${UUID}`, "https://n8n.example.com/webhook-test/…"],
    ["Pipedream", "https://eo1a2b3c4d5e6f7.m.pipedream.net", "https://….m.pipedream.net/…"],
    ["Pipedream, letters only", "https://eoabcdefghijklm.m.pipedream.net", "https://….m.pipedream.net/…"],
    ["Pipedream, older", "https://en1a2b3c.x.pipedream.net/", "https://….x.pipedream.net/…"],
    ["Pipedream, upper case", "https://EO1A2B3C.M.Pipedream.NET/", "https://….m.pipedream.net/…"],
    ["Slack", "https://hooks.slack.com/services/T0/B0/XyZ9", "https://hooks.slack.com/services/…"],
    ["Discord", "https://discord.com/api/webhooks/8/aB-c_D", "https://discord.com/api/…"],
    ["Teams", `https://acme.webhook.office.com/webhookb2/${UUID}`, "https://acme.webhook.office.com/…"],
    ["webhook.site", `https://webhook.site/${UUID}`, "https://webhook.site/…"],
    ["webhook.site, in the host", `https://${UUID}.webhook.site/`, "https://….webhook.site/…"],
    [
      "function URL",
      "https://a1b2c3d4e5f6g7h8.lambda-url.eu-west-1.on.aws/",
      "https://….lambda-url.eu-west-1.on.aws/…",
    ],
    ["hexadecimal label", "https://deadbeefdeadbeefdead.example.com/", "https://….example.com/…"],
    ["first segment a token", "https://example.com/s3cr3t/orders", "https://example.com/…"],
    ["first segment with capitals", "https://example.com/Hooks/orders", "https://example.com/…"],
    ["first segment of 17 letters", `https://example.com/${"a".repeat(17)}/x`, "https://example.com/…"],
    [
      "first segment of 16 letters",
      `https://example.com/${"a".repeat(16)}/x`,
      `https://example.com/${"a".repeat(16)}/…`,
    ],
    ["one word, nothing after it", "https://example.com/hooks", "https://example.com/…"],
    ["one word and a slash", "https://example.com/hooks/", "https://example.com/…"],
    ["empty first segment", "https://example.com//s3cr3t", "https://example.com/…"],
    ["percent-encoded segment", "https://example.com/%68ooks/s3cr3t", "https://example.com/…"],
    ["token in the query", "https://example.com/?token=s3cr3t", "https://example.com/…"],
    ["token in the query of a path", "https://example.com/in?token=s3cr3t", "https://example.com/…"],
    ["token in the fragment", "https://example.com/#s3cr3t", "https://example.com/…"],
    ["root", "https://example.com", "https://example.com/…"],
    ["port", "https://example.com:8443/hooks/s3cr3t", "https://example.com:8443/hooks/…"],
    ["default port", "https://example.com:443/hooks/s3cr3t", "https://example.com/hooks/…"],
    ["http", "http://10.0.0.7:5678/webhook/s3cr3t", "http://10.0.0.7:5678/webhook/…"],
    ["IPv6", "https://[2001:db8::1]:8443/hooks/s3cr3t", "https://[2001:db8::1]:8443/hooks/…"],
    ["dot after the host", "https://hooks.zapier.com./hooks/catch/1/a", "https://hooks.zapier.com/hooks/…"],
    ["dot after a token host", "https://eo1a2b3c.m.pipedream.net./", "https://….m.pipedream.net/…"],
    ["user info", "https://user:s3cr3t@example.com/", "https://example.com/…"],
  ];

  for (const [what, url, preview] of ROWS) {
    test(`of ${what} is ${preview}`, () => assert.equal(redactUrl(new URL(url)), preview));
  }
});

test("the host is shown without its port", () => {
  assert.equal(redactHost(new URL("https://example.com:8443/x")), "example.com");
  assert.equal(redactHost(new URL("https://[::1]:8443/x")), "[::1]");
  assert.equal(redactHost(new URL("https://127.0.0.1:3000/x")), "127.0.0.1");
});

test("names that people chose stay readable", () => {
  for (const host of [
    "hooks.zapier.com",
    "prod-12.westeurope.logic.azure.com",
    "acme-production-2024.example.com",
  ]) {
    assert.equal(redactHost(new URL(`https://${host}/`)), host);
  }
});

suite("a token is hidden in the preview and in the host", () => {
  /** Long enough not to occur by chance; a digit distinguishes it from plain words that a first segment can show. */
  const token = fc.stringMatching(/^[A-Za-z0-9_~-]{4,40}[0-9][A-Za-z0-9_~-]{4,40}$/);
  const label = fc.stringMatching(/^[a-z0-9]{8,30}$/).filter((text) => text !== "pipedream");
  const PLACES: Record<string, (token: string) => string> = {
    "as the only segment": (token) => `https://hook.eu2.make.com/${token}`,
    "as the first segment": (token) => `https://example.com/${token}/orders`,
    "as the last segment": (token) => `https://hooks.zapier.com/hooks/catch/123/${token}`,
    "in the middle of the path": (token) => `https://example.com/hooks/${token}/orders/`,
    "after an empty segment": (token) => `https://example.com//${token}`,
    "as a value of the query": (token) => `https://example.com/in/here?key=${token}&v=1`,
    "as the query": (token) => `https://example.com?${token}`,
    "in the fragment": (token) => `https://example.com/in#${token}`,
    "as user and password": (token) => `https://${token}:${token}@example.com/in`,
  };

  for (const [place, urlWith] of Object.entries(PLACES)) {
    test(place, () => fc.assert(fc.property(token, (token) => assertHidden(urlWith(token), token))));
  }

  for (const parent of ["m.pipedream.net", "x.pipedream.net", "pipedream.net"]) {
    test(`as a label below ${parent}`, () =>
      fc.assert(fc.property(label, (label) => assertHidden(`https://${label}.${parent}/a`, label))));
  }

  test("as a UUID in the host", () =>
    fc.assert(fc.property(fc.uuid(), (uuid) => assertHidden(`https://${uuid}.hooks.example.com/`, uuid))));

  function assertHidden(text: string, token: string): void {
    const url = new URL(text);
    assert.ok(url.href.includes(token), "the URL really holds the token");
    assert.ok(!redactUrl(url).includes(token), redactUrl(url));
    assert.ok(!redactHost(url).includes(token), redactHost(url));
  }
});
