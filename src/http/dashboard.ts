import type { FastifyReply, FastifyRequest } from "fastify";
import { OpenSendError } from "../domain/errors.ts";
import { isPageRequest } from "./api-or-page.ts";
import type { ApiServer } from "./api-server.ts";
import type { BuiltFiles } from "./built-files.ts";
import type { FileSender } from "./file-sender.ts";
import { sendPage } from "./send-page.ts";
import { addVary } from "./vary.ts";

/** The files of `dashboard/public`. */
const PUBLIC_FILES = ["favicon.svg"];
const FOR_AN_HOUR = { "cache-control": "public, max-age=3600" };
const NOTHING_HERE = "There is nothing at this path. `/openapi.json` lists what there is.";

/** Serves the built dashboard: its files, and its one page for every address a person may open. */
export function registerDashboard(app: ApiServer, files: BuiltFiles, sender: FileSender): void {
  const isBuilt = files.has("dashboard");
  const sendFile = async (request: FastifyRequest, reply: FastifyReply, path: string) => {
    const sent = await sender.send(request, reply, { part: "dashboard", path, headers: FOR_AN_HOUR });
    if (sent === null) throw new OpenSendError("not_found", NOTHING_HERE);
    return sent;
  };
  const openPage = async (request: FastifyRequest, reply: FastifyReply) => {
    const page = isBuilt && isPageRequest(request) ? await files.read("dashboard", "index.html") : null;
    if (page === null) throw new OpenSendError("not_found", NOTHING_HERE);
    addVary(reply, "accept");
    return sendPage(reply, page.toString());
  };
  app.setNotFoundHandler(openPage);
  if (!isBuilt) return;
  app.get("/", { schema: { hide: true } }, openPage);
  for (const name of PUBLIC_FILES) {
    app.get(`/${name}`, { schema: { hide: true } }, async (request, reply) => sendFile(request, reply, name));
  }
  // One route for all of them: some hundred routes would take a tenth of the time and memory of the start.
  app.get<{ Params: { "*": string } }>("/assets/*", { schema: { hide: true } }, async (request, reply) =>
    sendFile(request, reply, `assets/${request.params["*"]}`),
  );
}
