import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Snippet } from "./read-snippets.ts";

/** Values that the code of a page uses: a request that OpenSend has sent, and the receiver's URL. */
export type Surroundings = {
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly secret: string;
  readonly receiverUrl: string;
};

export type Program = {
  readonly command: string;
  readonly file: string;
  readonly text: string;
  readonly environment: Readonly<Record<string, string>>;
};

const EVENTS = [{ type: "order.paid", data: { order_id: 1 } }];

/** All code of a page in one language as one program that uses the clients of this project. */
export function pageProgram(
  projectDir: string,
  snippets: readonly Snippet[],
  surroundings: Surroundings,
): Program {
  const code = snippets
    .map((snippet) => snippet.code)
    .join("\n")
    .replaceAll("https://example.com/webhooks", `${surroundings.receiverUrl}/webhooks`)
    .replaceAll('"https://opensend.example.com"', SERVER_URL[snippets[0]?.language ?? ""] ?? "");
  return snippets[0]?.language === "python"
    ? pythonProgram(projectDir, code, surroundings)
    : typeScriptProgram(projectDir, code, surroundings);
}

const SERVER_URL: Readonly<Record<string, string>> = {
  ts: "process.env.OPENSEND_URL",
  python: 'os.environ["OPENSEND_URL"]',
};

function typeScriptProgram(
  projectDir: string,
  code: string,
  { body, headers, secret }: Surroundings,
): Program {
  const client = pathToFileURL(join(projectDir, "clients", "typescript", "src", "index.ts")).href;
  const given = JSON.stringify({ body, headers, secret, events: EVENTS });
  return {
    command: process.execPath,
    file: "page.ts",
    text: `import * as client from "${client}";
Object.assign(globalThis, ${given}, { BatchError: client.BatchError });
${code.replaceAll('"@opensend/client"', `"${client}"`)}`,
    environment: {},
  };
}

function pythonProgram(projectDir: string, code: string, { body, headers }: Surroundings): Program {
  const given = JSON.stringify({ body, headers, events: EVENTS });
  return {
    command: "python3",
    file: "page.py",
    text: `import json, os
from opensend_client import AsyncOpenSend, BatchError
given = json.loads(${JSON.stringify(given)})
body, headers, events = given["body"].encode(), given["headers"], given["events"]
api_key = os.environ["OPENSEND_API_KEY"]
${code}`,
    environment: { PYTHONPATH: join(projectDir, "clients", "python", "src") },
  };
}
