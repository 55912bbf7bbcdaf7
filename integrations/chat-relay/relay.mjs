// Verifies events and posts them to a channel of Slack, Discord or Microsoft Teams. Node 20 or newer, without packages.
//   OPENSEND_SIGNING_SECRET  the signing secret of the connection
//   CHAT_WEBHOOK_URL         the incoming webhook of the channel
//   CHAT_FORMAT              slack, discord or teams; only needed if the URL does not show it
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

const TOLERANCE_S = 5 * 60;
const CHAT_TIMEOUT_MS = 10_000;
/** Discord's limit is 2,000 characters; the others allow more. */
const DATA_LENGTH_MAX = 1_500;
const REPLY_LENGTH_MAX = 500;

const {
  OPENSEND_SIGNING_SECRET: secret,
  CHAT_WEBHOOK_URL: chatUrl,
  CHAT_FORMAT,
  PORT = "4020",
} = process.env;
if (!secret || !chatUrl) throw new Error("Set OPENSEND_SIGNING_SECRET and CHAT_WEBHOOK_URL.");

const MESSAGES = {
  slack: ({ type, data }) => ({ text: `*${escapeSlack(type)}*\n\`\`\`${escapeSlack(data)}\`\`\`` }),
  // Without allowed mentions, event data cannot notify anyone.
  discord: ({ type, data }) => ({
    content: `**${type}**\n\`\`\`json\n${data.replaceAll("```", "'''")}\n\`\`\``,
    allowed_mentions: { parse: [] },
  }),
  teams: ({ type, data }) => ({
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [
            { type: "TextBlock", text: type, weight: "Bolder" },
            { type: "RichTextBlock", inlines: [{ type: "TextRun", text: data, fontType: "Monospace" }] },
          ],
        },
      },
    ],
  }),
};
const format = CHAT_FORMAT ?? formatOf(new URL(chatUrl).hostname);
const toMessage = MESSAGES[format];
if (toMessage === undefined) throw new Error("Set CHAT_FORMAT to slack, discord or teams.");

createServer((request, response) => {
  relay(request).then(
    ({ status, headers, text }) => response.writeHead(status, headers).end(text),
    (error) => response.writeHead(502).end(`${format} did not respond: ${error.name}`),
  );
}).listen(Number(PORT), "127.0.0.1", function listening() {
  console.log(`listening on ${this.address().port}`);
});

async function relay(request) {
  const body = await buffer(request);
  if (!isSigned(request.headers, body)) return { status: 401, text: "The signature is invalid" };
  const { type, data } = JSON.parse(body.toString("utf8"));
  const message = toMessage({ type, data: cut(JSON.stringify(data, null, 2)) });
  const answer = await fetch(chatUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(message),
    redirect: "error",
    signal: AbortSignal.timeout(CHAT_TIMEOUT_MS),
  });
  const text = (await answer.text()).slice(0, REPLY_LENGTH_MAX);
  // OpenSend retries after a failure, and follows the chat's Retry-After.
  const retryAfter = answer.headers.get("retry-after");
  return {
    status: answer.ok ? 200 : answer.status,
    headers: retryAfter === null ? {} : { "retry-after": retryAfter },
    text: `${format} responded with ${answer.status}: ${text}`,
  };
}

function isSigned(headers, body) {
  const timestamp = headers["x-opensend-timestamp"] ?? "";
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_S) return false;
  const hmac = createHmac("sha256", secret).update(`${timestamp}.`).update(body);
  const expected = Buffer.from(hmac.digest("hex"));
  return ["x-opensend-signature", "x-opensend-signature-previous"]
    .map((name) => Buffer.from(headers[name] ?? ""))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}

function formatOf(hostname) {
  if (hostname === "hooks.slack.com") return "slack";
  if (hostname === "discord.com" || hostname === "discordapp.com") return "discord";
  if (/\.(?:logic\.azure\.com|powerplatform\.com|webhook\.office\.com)$/.test(hostname)) return "teams";
  return undefined;
}

function cut(text) {
  return text.length <= DATA_LENGTH_MAX ? text : `${text.slice(0, DATA_LENGTH_MAX)}\n…`;
}

/** https://docs.slack.dev/messaging/formatting-message-text: Slack requires only these three to be escaped. */
function escapeSlack(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
