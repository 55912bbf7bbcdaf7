/**
 * Receives OpenSend's events and verifies `x-opensend-signature`. Runs on Node 20 or newer, without packages:
 *
 *   OPENSEND_SIGNING_SECRET=… PORT=4020 node receiver.mjs
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const TOLERANCE_S = 5 * 60;
const BODY_BYTES_MAX = 1024 * 1024;

const secret = process.env.OPENSEND_SIGNING_SECRET;
if (!secret) {
  console.error("Set OPENSEND_SIGNING_SECRET to the signing secret of the connection.");
  process.exit(1);
}

const server = createServer(async (request, response) => {
  const body = await readBody(request).catch(() => null);
  if (body === null) return respond(response, 413, { error: "body too large or cut off" });

  const fault = findFault(request.headers, body, Date.now());
  if (fault !== null) return respond(response, 401, { error: fault });

  // Respond first and work later: OpenSend waits for the whole response, 15 seconds by default.
  respond(response, 200, { received: true });
  handle(request.headers["webhook-id"], body);
});

/** Why a request must be rejected, or null. The signature covers the raw bytes, so parse them afterwards. */
function findFault(headers, body, nowMs) {
  const signature = headers["x-opensend-signature"];
  const timestamp = headers["x-opensend-timestamp"];
  if (!signature || !timestamp) return "signature or timestamp is missing";
  if (!/^\d{1,12}$/.test(timestamp)) return "timestamp is not a number";
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > TOLERANCE_S) return "timestamp is too old or too new";
  const expected = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex");
  return equalInConstantTime(expected, signature) ? null : "signature does not match";
}

function equalInConstantTime(a, b) {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Your code. `webhook-id` is the same when an event is resent: store it to handle each event only once. */
function handle(webhookId, body) {
  const { type, created_at } = JSON.parse(body.toString("utf8"));
  console.log(JSON.stringify({ webhook_id: webhookId, type, created_at }));
}

async function readBody(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error("body too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function respond(response, status, value) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

server.listen(Number(process.env.PORT ?? 4020), "127.0.0.1", () => {
  console.log(`listening on ${server.address().port}`);
});
