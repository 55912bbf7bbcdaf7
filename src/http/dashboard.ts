import { readFileSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyReply, FastifyRequest } from "fastify";
import { OpenSendError } from "../domain/errors.ts";
import type { ApiServer } from "./api-server.ts";
import { asksForPage } from "./asked-for.ts";
import { sendPage } from "./send-page.ts";
import { addVary } from "./vary.ts";

/** Serves the built dashboard: hashed assets cached for a year, and one page for every address of the dashboard. */
export async function registerDashboard(app: ApiServer, dashboardDir: string | null): Promise<void> {
  const page = dashboardDir === null ? null : readFileSync(join(dashboardDir, "index.html"), "utf8");
  if (dashboardDir !== null) {
    // One wildcard route for all hashed files: a route for each would take a tenth of startup time and memory.
    await app.register(fastifyStatic, {
      root: join(dashboardDir, "assets"),
      prefix: "/assets/",
      index: false,
      maxAge: "1y",
      immutable: true,
      preCompressed: true,
      // Compressed variants are sent in place of a file and cannot be requested themselves.
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
