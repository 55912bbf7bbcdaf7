import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { BENIGN_URLS } from "../../test/corpora/hostile-urls.ts";
import { redactUrl } from "./redact-url.ts";
import { findUrlMistake, type UrlMistake } from "./url-mistake.ts";

const HOOK = "https://hooks.zapier.com/hooks/catch/123/abc";

const MISTAKES: Record<UrlMistake, readonly string[]> = {
  shortened_url: [
    "https://hooks.zapier.com/hooks/…",
    "https://hook.eu2.make.com/…",
    "https://….m.pipedream.net/…",
    "https://hooks.zapier.com/hooks/%E2%80%A6",
    "https://hooks.zapier.com/hooks/%e2%80%a6",
    "https://hooks.zapier.com/hooks/...",
    "https://hooks.zapier.com/hooks/.../abc",
    "https://hooks.zapier.com/hooks/catch/••••",
    "https://hooks.zapier.com/hooks/catch/****",
    "https://hooks.zapier.com/hooks/[redacted]",
  ],
  placeholder: [
    "https://example.com/{{token}}",
    "https://example.com/{{ token }}",
    "{{webhook_url}}",
    "https://example.com/hooks/{id}",
    "https://{tenant}.example.com/hook",
    `https://example.com/$${"{TOKEN}"}`,
    "https://example.com/$%7BTOKEN%7D",
    "https://example.com/%7B%7Btoken%7D%7D",
    "https://example.com/%7Bid%7D",
    "https://example.com/%3Cyour-token%3E",
    "https://<your-url>/hook",
    "https://example.com/<your token>/hook",
    "https://example.com/<%= token %>",
    "https://example.com/#{token}",
    "https://example.com/{%token%}",
    "https://example.com/{cut",
  ],
  quoted_url: [
    `"${HOOK}"`,
    `'${HOOK}'`,
    `\`${HOOK}\``,
    `“${HOOK}”`,
    `«${HOOK}»`,
    `„${HOOK}“`,
    `${HOOK}"`,
    `${HOOK}'`,
    `${HOOK}>`,
    `${HOOK}’`,
    `<${HOOK}>`,
    `(${HOOK})`,
    `${HOOK})`,
    `${HOOK}]`,
    ` "${HOOK}" `,
  ],
  invisible_character: [
    `${HOOK}\u200b`,
    `\u200b${HOOK}`,
    "https://hooks.zapier.com/hooks/\u00adcatch/123",
    "https://hooks.zapier.com/hooks/catch\u2060/123",
    "https://hooks\u200b.zapier.com/hooks/catch/123",
    "https://hooks.zapier.com/hooks/\u202ecatch/123",
    "https://hooks.zapier.com/hooks/catch/123\u3164",
    "https://hooks.zapier.com/hooks/catch/123%E2%80%8B",
    "https://hooks.zapier.com/hooks/catch/123%EF%BB%BF",
    "https://hooks.zapier.com/%ff/123%e2%80%8b",
  ],
};

for (const [mistake, urls] of Object.entries(MISTAKES)) {
  suite(`a URL with ${mistake}`, () => {
    for (const url of urls) test(`is found: ${url}`, () => assert.equal(findUrlMistake(url), mistake));
  });
}

test("every preview that OpenSend shows is recognized", () => {
  fc.assert(
    fc.property(fc.webUrl(), (url) => assert.equal(findUrlMistake(redactUrl(new URL(url))), "shortened_url")),
  );
});

suite("a URL that can be intended", () => {
  const MEANT = [
    "https://example.com/?filter=%7B%22a%22%3A%7B%22b%22%3A1%7D%7D",
    "https://example.com/?q=%22quoted%22",
    "https://example.com/a(b)",
    "https://example.com/it's/here",
    "https://example.com/hooks/v1...v2",
    "https://example.com/?range=1..5",
    "https://example.com/*/a**b",
    "https://[2001:db8::1]",
    "https://example.com/%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7",
    "https://example.com/%D9%85%DB%8C%E2%80%8C%D8%AE",
    "https://example.com/~user/$batch/@me/a+b=c&d;e,f!",
    "https://example.com/%3Cb%20class=%22x%22%3E",
    "https://example.com/%zz%",
    "https://example.com/sites/%7B3F0C0F2E-2A3F-4B6B-9C57-5B1F0C2A7E11%7D/hook",
    "https://api.example.com/send?text=%3Cb%3EHi%20%7Bfirst%7D%E2%80%A6%3C/b%3E",
    "https://prod-12.westeurope.logic.azure.com:443/workflows/1a2b/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=aB-_c",
    "https://example.com/(S(abc))/hook",
    "https://bücher.example/straße",
  ];
  for (const url of [...MEANT, ...BENIGN_URLS.map(({ url }) => url)]) {
    test(`is accepted: ${url}`, () => assert.equal(findUrlMistake(url), null));
  }
});
