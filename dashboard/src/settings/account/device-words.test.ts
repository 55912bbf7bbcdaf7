import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceWords } from "./device-words.ts";

test("names the browser and the system", () => {
  const words = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Linux",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0":
      "Edge on Windows",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15":
      "Safari on macOS",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile Safari/604.1":
      "Chrome on iOS",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36":
      "Chrome on Android",
    "curl/8.9.1": "curl",
  };
  for (const [userAgent, expected] of Object.entries(words)) assert.equal(deviceWords(userAgent), expected);
});

test("says when they are unknown, and never shows the raw user agent", () => {
  assert.equal(deviceWords(null), "Unknown browser");
  assert.equal(deviceWords("<b>\u202eevil</b>"), "Unknown browser");
});
