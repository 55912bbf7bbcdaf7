import type { Call } from "./call.ts";

export function curlSample({ method, target, access, body, response }: Call): string {
  const options = [
    ...(method === "GET" ? [] : [`--request ${method}`]),
    ...(response === "stream" ? ["--no-buffer"] : []),
    ...(access === "key" ? ['--header "Authorization: Bearer $OPENSEND_API_KEY"'] : []),
    ...(access === "session"
      ? ['--header "Cookie: $OPENSEND_COOKIE"', '--header "Origin: $OPENSEND_URL"']
      : []),
    ...(body === undefined
      ? []
      : ['--header "Content-Type: application/json"', `--data ${quote(JSON.stringify(body, null, 2))}`]),
  ];
  return [`curl --fail-with-body "$OPENSEND_URL${target}"`, ...options].join(" \\\n  ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
