import { pathToFileURL } from "node:url";
import { serve } from "@hono/node-server";

/**
 * Serves a Next.js route, which is a function of a Request, without Next.js.
 *
 *   node serve-route.ts <file>
 */
type Route = { readonly POST: (request: Request) => Promise<Response> };
const { POST } = (await import(pathToFileURL(process.argv[2] ?? "").href)) as Route;
serve({ fetch: POST, port: 0, hostname: "127.0.0.1" }, ({ port }) => console.log(`listening on ${port}`));
