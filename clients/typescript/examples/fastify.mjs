/** Receives OpenSend's events with Fastify: npm install fastify @opensend/client */
import { SignatureError, verify } from "@opensend/client";
import fastify from "fastify";

const app = fastify();
const secret = process.env.OPENSEND_SIGNING_SECRET ?? "";

// As bytes, because the signature covers them. In an app with other routes, put this and the route into a plugin.
app.removeAllContentTypeParsers();
app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

app.post("/webhooks", async (request, reply) => {
  try {
    const event = await verify({ body: request.body, headers: request.headers, secret });
    console.log(event.id, event.type);
    return reply.code(200).send();
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    return reply.code(401).send({ error: error.code });
  }
});

await app.listen({ port: Number(process.env.PORT ?? 4020), host: "127.0.0.1" });
console.log(`listening on ${app.server.address().port}`);
