import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import { pino } from "pino";
import { compose } from "../src/app.ts";
import { loadOptions } from "../src/config/load.ts";
import { createApp } from "../src/http/app.ts";
import { readDescription } from "../src/http/routes/operations/openapi.ts";

/** The API's description, from the routes themselves. */
export async function renderOpenApi(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), "opensend-generate-"));
  const options = loadOptions({ OPENSEND_DATA_DIR: dataDir });
  const secrets = {
    encryptionKey: "describes routes only, seals nothing",
    previousEncryptionKeys: [],
    keySource: "data folder",
    sessionSecret: "describes routes only, signs nothing",
    notices: [],
  } as const;
  const logger = pino({ level: "silent" });
  const context = compose({ options, secrets, logger, publicUrl: "http://127.0.0.1:3015", now: Date.now });
  try {
    const app = await createApp(context.services);
    const document = readDescription(app);
    await app.close();
    return `${JSON.stringify(document, null, 2)}\n`;
  } finally {
    await context.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The same as TypeScript types, for the dashboard's client. */
export async function renderDashboardClient(openApi: string): Promise<string> {
  // A field with a default may be left out of a request.
  const ast = await openapiTS(openApi, { defaultNonNullable: false });
  return `/** Generated from openapi.json by \`npm run generate\`. */\n${astToString(ast)}`;
}
