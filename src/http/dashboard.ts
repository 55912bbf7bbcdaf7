import { readFileSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyReply, FastifyRequest } from "fastify";
import { OpenSendError } from "../domain/errors.ts";
import type { ApiServer } from "./api-server.ts";
import { asksForPage } from "./asked-for.ts";
import { sendPage } from "./send-page.ts";
import { addVary } from "./vary.ts";

/** Serves the built dashboard: hashed assets for a year, and its one page for every address a person may open. */
export async function registerDashboard(app: ApiServer, dashboardDir: string | null): Promise<void> {
  const page = dashboardDir === null ? null : readFileSync(join(dashboardDir, "index.html"), "utf8");
  if (dashboardDir !== null) {
    // One route for all hashed names: some hundred routes would take a tenth of the time and memory of the start.
    await app.register(fastifyStatic, {
      root: join(dashboardDir, "assets"),
      prefix: "/assets/",
      index: false,
      maxAge: "1y",
      immutable: true,
      preCompressed: true,
      // The compressed forms are sent in the place of a file, and are none themselves.
      allowedPath: (path) => !/\.(?:br|gz)$/.test(path),
    });
    await app.register(fastifyStatic, {
      root: dashboardDir,
      wildcard: false,
      index: false,
      globIgnore: ["index.html", "build-stamp.txt", "assets/**"],
      maxAge: "1h",
      decorateReply: false,
    });
  }
  const openPage = async (request: FastifyRequest, reply: FastifyReply) => {
    if (page === null || !asksForPage(request)) {
      throw new OpenSendError(
        "not_found",
        "There is nothing at this path. `/openapi.json` lists what there is.",
      );
    }
    addVary(reply, "accept");
    return sendPage(reply, page);
  };
  if (page !== null) app.get("/", { schema: { hide: true } }, openPage);
  app.setNotFoundHandler(openPage);
}
