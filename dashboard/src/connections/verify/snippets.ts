import make from "../../../../examples/make/filter.txt?raw";
import node from "../../../../examples/node/receiver.mjs?raw";
import pipedream from "../../../../examples/pipedream/node-step.txt?raw";
import python from "../../../../examples/python/receiver.py?raw";
import shell from "../../../../examples/shell/verify.sh?raw";
import standardWebhooks from "../../../../examples/standard-webhooks/receiver.mjs?raw";
import zapier from "../../../../examples/zapier/code-step.txt?raw";
import n8n from "../../../../integrations/n8n-workflow/opensend-verified-webhook.json?raw";
import type { Receiver } from "../../../../src/domain/diagnostics/detect-receiver.ts";

type Snippet = {
  readonly name: string;
  readonly text: string;
  readonly hint: string;
  /** The tool that the snippet is for; undefined for any endpoint. */
  readonly receiver?: Receiver;
};

/** The project's example files, unchanged. All read `OPENSEND_SIGNING_SECRET`; none contains a secret. */
export const SNIPPETS: readonly Snippet[] = [
  { name: "Node", text: node, hint: "A receiver for Node 20 or newer, without packages." },
  { name: "Python", text: python, hint: "A receiver for Python 3.9 or newer, standard library only." },
  {
    name: "Standard Webhooks",
    text: standardWebhooks,
    hint: "Verifies webhook-signature with the standardwebhooks package of npm. There are libraries for Python, Go, Rust, Ruby, PHP, Java, C# and Elixir as well: see standardwebhooks.com.",
  },
  {
    name: "n8n",
    receiver: "n8n",
    text: n8n,
    hint: "A workflow to paste into the n8n editor. Enter the signing secret as Hmac Secret of a Crypto credential in Compute signature. Needs no environment variable and no code node.",
  },
  {
    name: "Zapier",
    receiver: "zapier",
    text: zapier,
    hint: "Take Catch Raw Hook as the trigger. Code by Zapier has no environment: the secret is a field of its Input Data, and everyone who can edit the Zap can read it.",
  },
  {
    name: "Make",
    receiver: "make",
    text: make,
    hint: "In the custom webhook switch on Get request headers and JSON pass-through. Keep the secret in a custom variable of the team. The numbers are those of your modules.",
  },
  {
    name: "Pipedream",
    receiver: "pipedream",
    text: pipedream,
    hint: "Let the HTTP trigger pass on the full request, and set the environment variable in the workspace.",
  },
  { name: "Shell", text: shell, hint: "Checks one request that was kept in a file. Needs openssl." },
];
