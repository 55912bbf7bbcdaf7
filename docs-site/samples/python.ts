import type { Call } from "./call.ts";

const READ: Readonly<Record<Call["response"], string>> = {
  json: "print(json.load(response))",
  text: "print(response.read().decode())",
  nothing: "print(response.status)",
  stream: `for line in response:
        print(line.decode(), end="")`,
};

/** Runs on Python 3.9 or newer, with only the standard library. */
export function pythonSample(call: Call): string {
  const usesJson = call.body !== undefined || call.response === "json";
  const options = [
    `os.environ["OPENSEND_URL"] + "${call.target}",`,
    ...(call.method === "GET" ? [] : [`method="${call.method}",`]),
    ...headers(call),
    ...(call.body === undefined ? [] : [`data=json.dumps(${literal(call.body, 1)}).encode(),`]),
  ];
  return `${usesJson ? "import json\n" : ""}import os
from urllib.request import Request, urlopen

request = Request(
    ${options.join("\n    ")}
)
with urlopen(request) as response:
    ${READ[call.response]}`;
}

function headers({ access, body }: Call): string[] {
  const lines = [
    ...(access === "key" ? ['"Authorization": f"Bearer {os.environ[\'OPENSEND_API_KEY\']}",'] : []),
    ...(access === "session"
      ? ['"Cookie": os.environ["OPENSEND_COOKIE"],', '"Origin": os.environ["OPENSEND_URL"],']
      : []),
    ...(body === undefined ? [] : ['"Content-Type": "application/json",']),
  ];
  return lines.length === 0 ? [] : ["headers={", ...lines.map((line) => `    ${line}`), "},"];
}

/** JSON as a Python literal. */
function literal(value: unknown, depth: number): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((one) => literal(one, depth + 1))
    : Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${literal(one, depth + 1)}`);
  const [open, close] = isList ? "[]" : "{}";
  if (parts.length === 0) return `${open}${close}`;
  const pad = "    ".repeat(depth + 1);
  return `${open}\n${parts.map((part) => `${pad}${part},\n`).join("")}${"    ".repeat(depth)}${close}`;
}
