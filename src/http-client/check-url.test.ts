import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { BENIGN_URLS, HOSTILE_URLS } from "../../test/corpora/hostile-urls.ts";
import { createEgress, type EgressOptions, type Resolve } from "./egress.ts";

const WORKSPACE = "ws_1";
const PUBLIC_ADDRESS = "93.184.215.14";

/** Refusals of the text alone: parsing removes the fault, so the parsed URL can be called. */
const FOUND_IN_TEXT_ONLY = ["not_a_url", "too_long"];

const ADDRESSES = new Map(
  [...HOSTILE_URLS, ...BENIGN_URLS].map(({ url, addresses }) => [
    URL.parse(url)?.hostname.replace(/\.$/, "") ?? "",
    addresses ?? [PUBLIC_ADDRESS],
  ]),
);

const resolve: Resolve = async (hostname) => {
  const addresses = ADDRESSES.get(hostname) ?? [];
  if (addresses.length === 0) throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
  return addresses;
};

const strict = createEgress({
  allowedCidrs: [],
  allowLoopback: false,
  proxyUrl: null,
  resolve,
  deadlineMs: 500,
});
after(() => strict.close());

suite("hostile URLs", () => {
  test("the corpus contains at least 170 different ones", (t) => {
    assert.ok(new Set(HOSTILE_URLS.map(({ url }) => url)).size >= 170);
    const counts: Record<string, number> = {};
    for (const { reason } of HOSTILE_URLS) counts[reason] = (counts[reason] ?? 0) + 1;
    t.diagnostic(`${HOSTILE_URLS.length} hostile URLs, ${BENIGN_URLS.length} benign ones`);
    t.diagnostic(
      Object.entries(counts)
        .map(([reason, count]) => `${reason} ${count}`)
        .join(", "),
    );
  });

  test("are each refused when saved, for the right reason", async (t) => {
    const wrong: string[] = [];
    let refused = 0;
    for (const { url, reason } of HOSTILE_URLS) {
      const verdict = await strict.checkUrl(url, WORKSPACE);
      const said = verdict.allowed ? "allowed" : verdict.reason;
      if (said === reason) refused += 1;
      else wrong.push(`${JSON.stringify(url)} is ${said} and should be ${reason}`);
    }
    t.diagnostic(`${refused} of ${HOSTILE_URLS.length} refused for the right reason`);
    assert.deepEqual(wrong, []);
  });

  test("are each refused when sent to, before any connection", async (t) => {
    const wrong: string[] = [];
    let blocked = 0;
    for (const { url: text, reason } of HOSTILE_URLS) {
      const url = URL.parse(text);
      if (
        url === null ||
        FOUND_IN_TEXT_ONLY.includes(reason) ||
        text.includes("://@") ||
        text.includes("://:@")
      )
        continue;
      const outcome = await strict.send({ url, headers: {}, body: "{}" });
      const code = outcome.kind === "failure" ? outcome.failure.code : outcome.response.status;
      const isUnresolved = ADDRESSES.get(url.hostname)?.length === 0;
      const expected = isUnresolved
        ? "dns_not_found"
        : reason.endsWith("_address")
          ? "blocked_address"
          : "blocked_url";
      if (code === expected && outcome.timings.connect === null) blocked += 1;
      else wrong.push(`${JSON.stringify(text)} came to ${code} and should be ${expected}`);
    }
    t.diagnostic(`${blocked} blocked when sent to`);
    assert.deepEqual(wrong, []);
    assert.ok(blocked > 170);
  });

  test("are refused in public sentences that reveal no path, query or user info", async () => {
    const secret = "s3cr3t";
    for (const url of [
      `https://10.0.0.1/${secret}?${secret}`,
      `https://${secret}:${secret}@example.com/`,
      `http://example.com/${secret}`,
      `https://example.com:22/${secret}`,
      `https://localhost/${secret}`,
      `https://b.example.com/${secret}`,
      `ftp://example.com/${secret}`,
      `https://exa mple.com/${secret}`,
      `https://x.onion/${secret}`,
    ]) {
      const verdict = await strict.checkUrl(url, WORKSPACE);
      assert.ok(!verdict.allowed);
      assert.doesNotMatch(verdict.message, new RegExp(secret));
      assert.match(verdict.message, /^\S.*\. [A-Z].*\.$/);
    }
  });
});

suite("benign URLs", () => {
  test("are all allowed", async (t) => {
    const wrong: string[] = [];
    for (const { url } of BENIGN_URLS) {
      const verdict = await strict.checkUrl(url, WORKSPACE);
      if (!verdict.allowed) wrong.push(`${url} is refused: ${verdict.reason}`);
    }
    t.diagnostic(`${BENIGN_URLS.length - wrong.length} of ${BENIGN_URLS.length} allowed`);
    assert.deepEqual(wrong, []);
    assert.ok(BENIGN_URLS.length >= 25);
  });
});

suite("an operator's opened ranges", () => {
  async function check(options: Partial<EgressOptions>, url: string): Promise<string> {
    const egress = createEgress({
      allowedCidrs: [],
      allowLoopback: false,
      proxyUrl: null,
      resolve: async (hostname) => {
        const answers: Record<string, readonly string[]> = {
          "n8n.lan": ["10.1.2.3"],
          n8n: ["10.1.2.3"],
          "mixed.lan": ["10.1.2.3", "93.184.215.14"],
          "half.lan": ["10.1.2.3", "10.2.2.3"],
          "own.example.com": ["127.0.0.1"],
        };
        return answers[hostname] ?? [];
      },
      ...options,
    });
    const verdict = await egress.checkUrl(url, WORKSPACE);
    await egress.close();
    return verdict.allowed ? "allowed" : verdict.reason;
  }

  const RANGE = { allowedCidrs: ["10.1.0.0/16"] };
  const LOOPBACK = { allowLoopback: true };
  const ROWS = [
    [RANGE, "https://10.1.2.3/", "allowed"],
    [RANGE, "http://10.1.2.3:5678/webhook/x", "allowed"],
    [RANGE, "http://n8n.lan:5678/", "allowed"],
    [RANGE, "http://n8n:5678/", "allowed"],
    [RANGE, "https://n8n.lan/", "allowed"],
    [RANGE, "http://10.2.2.3/", "private_address"],
    [RANGE, "http://half.lan/", "private_address"],
    [RANGE, "https://mixed.lan/", "allowed"],
    [RANGE, "http://mixed.lan/", "https_required"],
    [RANGE, "http://93.184.215.14/", "https_required"],
    [RANGE, "http://unknown.lan/", "https_required"],
    [RANGE, "https://unknown.lan/", "allowed"],
    [RANGE, "http://10.1.2.3:6379/", "port_not_allowed"],
    [RANGE, "http://user@10.1.2.3/", "user_info"],
    [RANGE, "http://localhost/", "loopback_address"],
    [{ allowedCidrs: ["127.0.0.0/8"] }, "http://127.0.0.1/", "allowed"],
    [{ allowedCidrs: ["127.0.0.0/8"] }, "http://localhost/", "allowed"],
    [{ allowedCidrs: ["127.0.0.0/8"] }, "http://[::1]/", "loopback_address"],
    [LOOPBACK, "http://localhost:5678/webhook/x", "allowed"],
    [LOOPBACK, "http://app.localhost:5678/", "allowed"],
    [LOOPBACK, "http://localhost./", "allowed"],
    [LOOPBACK, "https://localhost/", "allowed"],
    [LOOPBACK, "http://127.0.0.1:3000/", "allowed"],
    [LOOPBACK, "http://2130706433/", "allowed"],
    [LOOPBACK, "http://[::1]:3000/", "allowed"],
    [LOOPBACK, "http://[::ffff:127.0.0.1]:3000/", "allowed"],
    [LOOPBACK, "http://own.example.com/", "allowed"],
    [LOOPBACK, "http://localhost:22/", "port_not_allowed"],
    [LOOPBACK, "http://0.0.0.0/", "unspecified_address"],
    [LOOPBACK, "http://10.1.2.3/", "private_address"],
    [LOOPBACK, "http://example.com/", "https_required"],
    [LOOPBACK, "https://metadata/", "metadata_address"],
    [{ allowedCidrs: ["169.254.169.254/32"] }, "http://169.254.169.254/", "allowed"],
    [{ allowedCidrs: ["169.254.169.254/32"] }, "https://metadata.google.internal/", "metadata_address"],
  ] as const;

  for (const [options, url, expected] of ROWS) {
    test(`${JSON.stringify(options)}: ${url} is ${expected}`, async () => {
      assert.equal(await check(options, url), expected);
    });
  }
});

suite("a name that cannot be looked up", () => {
  test("is allowed over https, even if a lookup times out", async () => {
    const egress = createEgress({
      allowedCidrs: ["10.0.0.0/8"],
      allowLoopback: false,
      proxyUrl: null,
      connectTimeoutMs: 50,
      resolve: () => new Promise(() => undefined),
    });
    const alive = setInterval(() => undefined, 1_000);
    assert.equal((await egress.checkUrl("https://slow.example.com/", WORKSPACE)).allowed, true);
    assert.equal((await egress.checkUrl("http://slow.example.com/", WORKSPACE)).allowed, false);
    clearInterval(alive);
    await egress.close();
  });
});
