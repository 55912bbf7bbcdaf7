/** Receives OpenSend's events with Hono: npm install hono @hono/node-server @opensend/client */
import { serve } from "@hono/node-server";
import { SignatureError, verify } from "@opensend/client";
import { Hono } from "hono";

const app = new Hono();
const secret = process.env.OPENSEND_SIGNING_SECRET ?? "";

app.post("/webhooks", async (context) => {
  try {
    // The raw body: `context.req.json()` would change it.
    const event = await verify({
      body: await context.req.arrayBuffer(),
      headers: context.req.raw.headers,
      secret,
    });
    console.log(event.id, event.type);
    return context.body(null, 200);
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    return context.json({ error: error.code }, 401);
  }
});

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 4020), hostname: "127.0.0.1" }, ({ port }) => {
  console.log(`listening on ${port}`);
});
