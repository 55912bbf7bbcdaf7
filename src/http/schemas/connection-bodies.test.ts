import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { BENIGN_URLS, HOSTILE_URLS } from "../../../test/corpora/hostile-urls.ts";
import { readUrl } from "../../http-client/url-policy.ts";
import { webhookUrl } from "./connection-bodies.ts";

suite("the described pattern of a webhook URL", () => {
  const pattern = new RegExp(webhookUrl.meta()?.["pattern"] as string, "u");
  const takesWhatIsRead = (url: string) => !readUrl(url).valid || pattern.test(url);

  test("accepts every URL that the parser accepts", () => {
    for (const { url } of [...BENIGN_URLS, ...HOSTILE_URLS]) assert.ok(takesWhatIsRead(url), url);
    for (const { url } of BENIGN_URLS) assert.match(` ${url}\n`, pattern);
    fc.assert(fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), takesWhatIsRead));
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => takesWhatIsRead(`HTTPS://a${text}`)));
  });

  for (const url of [
    "",
    "0",
    "ftp://a.example",
    "https:/a.example",
    "https://",
    "https://u@a.example",
    "https://a\\b",
  ]) {
    test(`refuses ${JSON.stringify(url)}`, () => assert.doesNotMatch(url, pattern));
  }
});
