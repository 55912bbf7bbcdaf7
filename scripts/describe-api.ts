import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import swagger from "@fastify/swagger";
import type { FastifyContextConfig } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import type { OpenAPIV3_1 } from "openapi-types";
import { pino } from "pino";
import { compose } from "../src/app.ts";
import { loadOptions } from "../src/config/load.ts";
import type { ApiServer } from "../src/http/api-server.ts";
import { createApp } from "../src/http/app.ts";
import { TAGS } from "../src/http/openapi.ts";
import type { Services } from "../src/http/services.ts";
import { describeHeaders } from "./describe-headers.ts";
import { plainSchemas } from "./plain-schemas.ts";

/** The description of the API (OpenAPI 3.1), generated from the routes. */
export async function describeApi(): Promise<OpenAPIV3_1.Document> {
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
    return await describeRoutes(context.services);
  } finally {
    await context.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function describeRoutes(services: Services): Promise<OpenAPIV3_1.Document> {
  const configs = new Map<string, FastifyContextConfig>();
  const app = await createApp(services, async (beforeRoutes: ApiServer) => {
    await beforeRoutes.register(swagger, {
      openapi: describeWhole(services.instance.version),
      transform: jsonSchemaTransform,
      transformObject: jsonSchemaTransformObject,
    });
    beforeRoutes.addHook("onRoute", ({ schema, config }) => {
      if (schema?.operationId !== undefined) configs.set(schema.operationId, config ?? {});
    });
  });
  const document = app.swagger() as OpenAPIV3_1.Document;
  await app.close();
  return describeHeaders(describeSessions(plainSchemas(document)), configs);
}

/** The general part of the API's description; the routes add the rest. */
function describeWhole(version: string): Omit<OpenAPIV3_1.Document, "paths"> {
  return {
    openapi: "3.1.0",
    info: {
      title: "OpenSend",
      version,
      description:
        "Send signed webhooks to Zapier, Make, n8n, Pipedream and any HTTPS endpoint. JSON in snake_case, times in ISO 8601 UTC with milliseconds, UUIDv7 ids, errors as application/problem+json (RFC 9457). Calls that list `idempotency-key` run once per key; all other changes reject the header.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: Object.values(TAGS).map((name) => ({ name })),
    components: {
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key: `Authorization: Bearer os_…`" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "opensend.session_token",
          description:
            "The dashboard's session; the `/openapi.json` of an instance has the cookie's name there. Changes need the Origin header of the instance.",
        },
      },
    },
  };
}

const SHOWN_WORKSPACE: OpenAPIV3_1.ParameterObject = {
  in: "header",
  name: "OpenSend-Workspace",
  required: false,
  schema: { type: "string" },
  description:
    "For sessions: the workspace that the page shows. If the session is in a different one, nothing is done. API keys do not need it.",
};

/** Adds the parts shared by all calls that a session can make, so that routes need not repeat them. */
function describeSessions(document: OpenAPIV3_1.Document): OpenAPIV3_1.Document {
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => [
    path,
    Object.fromEntries(
      Object.entries(item ?? {}).map(([method, operation]) => [
        method,
        takesSession(operation) ? withShownWorkspace(operation) : withSecurity(operation),
      ]),
    ),
  ]);
  const parameters = { ...document.components?.parameters, ShownWorkspace: SHOWN_WORKSPACE };
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: { ...document.components, parameters },
  };
}

/** Calls without credentials say so explicitly, because generators assume different defaults. */
function withSecurity(operation: unknown): OpenAPIV3_1.OperationObject {
  return { security: [], ...(operation as OpenAPIV3_1.OperationObject) };
}

function takesSession(operation: unknown): operation is OpenAPIV3_1.OperationObject {
  const { security } = (operation ?? {}) as OpenAPIV3_1.OperationObject;
  return security?.some((one) => "session" in one) === true;
}

function withShownWorkspace(operation: OpenAPIV3_1.OperationObject): OpenAPIV3_1.OperationObject {
  const { parameters = [], responses = {} } = operation;
  const code = "`workspace_changed`";
  const conflict = responses["409"] as OpenAPIV3_1.ResponseObject | undefined;
  const anyProblem = responses["500"] as OpenAPIV3_1.ResponseObject;
  const description = conflict === undefined ? code : `${conflict.description}, ${code}`;
  return {
    ...operation,
    parameters: [...parameters, { $ref: "#/components/parameters/ShownWorkspace" }],
    responses: { ...responses, 409: { ...(conflict ?? anyProblem), description } },
  };
}
