import type { Call } from "./call.ts";

const READ: Readonly<Record<Call["response"], string>> = {
  json: "console.log(await response.json());",
  text: "console.log(await response.text());",
  nothing: "console.log(response.status);",
  stream: `for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
  console.log(chunk);
}`,
};

/** Runs on Node 24 without other packages. */
export function typescriptSample(call: Call): string {
  const options = [
    ...(call.method === "GET" ? [] : [`method: "${call.method}",`]),
    ...headers(call),
    ...(call.body === undefined
      ? []
      : [`body: JSON.stringify(${indent(JSON.stringify(call.body, null, 2))}),`]),
  ];
  const url = `\`\${process.env.OPENSEND_URL}${call.target}\``;
  const init = options.length === 0 ? "" : `, {\n  ${options.join("\n  ")}\n}`;
  return `const response = await fetch(${url}${init});
if (!response.ok) throw new Error(\`\${response.status} \${await response.text()}\`);
${READ[call.response]}`;
}

function headers({ access, body }: Call): string[] {
  const lines = [
    ...(access === "key" ? [`authorization: \`Bearer \${process.env.OPENSEND_API_KEY}\`,`] : []),
    ...(access === "session"
      ? ["cookie: process.env.OPENSEND_COOKIE!,", "origin: process.env.OPENSEND_URL!,"]
      : []),
    ...(body === undefined ? [] : ['"content-type": "application/json",']),
  ];
  return lines.length === 0 ? [] : ["headers: {", ...lines.map((line) => `  ${line}`), "},"];
}

function indent(text: string): string {
  return text.replaceAll("\n", "\n  ");
}
