/** Receives OpenSend's events with Express: npm install express @opensend/client */
import { SignatureError, verify } from "@opensend/client";
import express from "express";

const app = express();
const secret = process.env.OPENSEND_SIGNING_SECRET ?? "";

// Raw, because the signature covers the exact bytes of the body.
app.post("/webhooks", express.raw({ type: () => true, limit: "1mb" }), async (request, response) => {
  try {
    const event = await verify({ body: request.body, headers: request.headers, secret });
    response.sendStatus(200);
    console.log(event.id, event.type);
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    response.status(401).json({ error: error.code });
  }
});

const server = app.listen(Number(process.env.PORT ?? 4020), "127.0.0.1", () => {
  console.log(`listening on ${server.address().port}`);
});
