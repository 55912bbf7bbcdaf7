import type { Snippet } from "./read-snippets.ts";

/** The server and the receiver of a test. */
export type Stage = { readonly serverUrl: string; readonly receiverUrl: string; readonly dataDir: string };

/** Makes HTTP errors end the script, without such an option in the documents' curl commands. */
const PRELUDE = `set -euo pipefail
curl() { command curl --fail-with-body --max-time 30 "$@"; }
opensend() { node -- bin/opensend.js "$@"; }
`;

/** The commands of a page as one script, with the test's addresses in place of the documents' placeholders. */
export function pageScript(snippets: readonly Snippet[], stage: Stage): string {
  return PRELUDE + snippets.map(({ code }) => onStage(code, stage)).join("\n");
}

function onStage(code: string, { serverUrl, receiverUrl, dataDir }: Stage): string {
  return (
    code
      .replaceAll(
        /sudo -u opensend \/opt\/opensend\/node_modules\/\.bin\/opensend (?:\\\n *)?--env-file \/etc\/opensend\/opensend\.env/g,
        "npm run --silent opensend --",
      )
      // The key and a file with it must not both be set.
      .replaceAll("export OPENSEND_API_KEY_FILE=", "unset OPENSEND_API_KEY; export OPENSEND_API_KEY_FILE=")
      .replaceAll("http://127.0.0.1:3015", serverUrl)
      .replaceAll("https://opensend.example.com", serverUrl)
      .replaceAll("http://127.0.0.1:4015", receiverUrl)
      .replaceAll("/var/lib/opensend", dataDir)
  );
}
