/**
 * Receives OpenSend's events and verifies `webhook-signature` with the Standard Webhooks library. Node 20 or newer:
 *
 *   npm install standardwebhooks
 *   OPENSEND_SIGNING_SECRET=… PORT=4020 node receiver.mjs
 */
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const BODY_BYTES_MAX = 1024 * 1024;

const secret = process.env.OPENSEND_SIGNING_SECRET;
if (!secret) {
  console.error("Set OPENSEND_SIGNING_SECRET to the signing secret of the connection.");
  process.exit(1);
}
// The key is encoded in a whsec_ secret; any other secret is used as text, which the library needs to know.
const webhook = secret.startsWith("whsec_")
  ? new Webhook(secret)
  : new Webhook(new TextEncoder().encode(secret), { format: "raw" });

const server = createServer(async (request, response) => {
  const body = await readBody(request).catch(() => null);
  if (body === null) return respond(response, 413, { error: "body too large or cut off" });

  let event;
  try {
    // Checks webhook-id, webhook-timestamp (five minutes) and webhook-signature over the raw body.
    event = webhook.verify(body, request.headers);
  } catch (error) {
    return respond(response, 401, { error: error.message });
  }

  // Respond first and work later: OpenSend waits for the whole response, 15 seconds by default.
  respond(response, 200, { received: true });
  handle(request.headers["webhook-id"], event);
});

/** Your code. `webhook-id` is the same when an event is resent: store it to handle each event only once. */
function handle(webhookId, { type, created_at }) {
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
  return Buffer.concat(chunks).toString("utf8");
}

function respond(response, status, value) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

server.listen(Number(process.env.PORT ?? 4020), "127.0.0.1", () => {
  console.log(`listening on ${server.address().port}`);
});
