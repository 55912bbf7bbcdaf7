import { ERRORS, type ErrorCode, OpenSendError } from "../../domain/errors.ts";
import type { ApiServer } from "../api-server.ts";
import { readDescription } from "../routes/operations/openapi.ts";
import { sendPage } from "../send-page.ts";
import { renderErrorPage } from "./error-page.ts";
import { renderReference } from "./reference-page.ts";

/** `/docs`: the API in words, and a page an error code. */
export async function registerReference(app: ApiServer, openApiFile: string): Promise<void> {
  let reference: string | null = null;
  app.get("/docs", { schema: { hide: true } }, async (_request, reply) => {
    reference ??= renderReference(readDescription(openApiFile));
    return sendPage(reply, reference);
  });
  app.get<{ Params: { code: string } }>(
    "/docs/errors/:code",
    { schema: { hide: true } },
    async (request, reply) => {
      const { code } = request.params;
      if (!Object.hasOwn(ERRORS, code)) {
        throw new OpenSendError("not_found", "There is no error with this code. `/docs#errors` lists them.");
      }
      return sendPage(reply, renderErrorPage(code as ErrorCode));
    },
  );
}
