/** Receives OpenSend's events with Next.js, as `app/webhooks/route.ts`: npm install @opensend/client */
import { SignatureError, verify } from "@opensend/client";

export async function POST(request: Request): Promise<Response> {
  const secret = process.env["OPENSEND_SIGNING_SECRET"] ?? "";
  try {
    // The raw body: `request.json()` would change it.
    const event = await verify({ body: await request.arrayBuffer(), headers: request.headers, secret });
    console.log(event.id, event.type);
    return new Response(null, { status: 200 });
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    return Response.json({ error: error.code }, { status: 401 });
  }
}
