import openapiTS, { astToString } from "openapi-typescript";
import { describeApi } from "./describe-api.ts";

export async function renderOpenApi(): Promise<string> {
  return `${JSON.stringify(await describeApi(), null, 2)}\n`;
}

/** The API's types in TypeScript, for the dashboard's client. */
export async function renderDashboardClient(openApi: string): Promise<string> {
  // A request can omit a field that has a default.
  const ast = await openapiTS(openApi, { defaultNonNullable: false });
  return `/** Generated from openapi.json by \`npm run generate\`. */\n${astToString(ast)}`;
}
