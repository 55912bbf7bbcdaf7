import { parsePublicUrl } from "./network-values.ts";
import type { Option } from "./option.ts";
import { parseText } from "./parse-option.ts";

/** Options that only commands read, not the server. */
export const COMMAND_LINE_OPTIONS = {
  password: {
    name: "OPENSEND_PASSWORD",
    group: "command line",
    parse: parseText,
    fallback: null as string | null,
    fallbackText: "asked for",
    secret: true,
    text: "Password for `opensend users create` and `opensend users set-password`, so that it is neither typed nor part of the command.",
  },
  signingSecret: {
    name: "OPENSEND_SIGNING_SECRET",
    group: "command line",
    parse: (text: string) => text,
    fallback: null as string | null,
    fallbackText: "not set",
    secret: true,
    text: "Signing secret with which `opensend listen` verifies what it receives and signs what it forwards, and which `opensend connections create` gives to the connection.",
  },
  serverUrl: {
    name: "OPENSEND_URL",
    group: "command line",
    parse: parsePublicUrl,
    fallback: "http://127.0.0.1:3015",
    fallbackText: "`http://127.0.0.1:3015`",
    secret: false,
    text: "Server that `opensend` calls as a client, without a path.",
  },
  apiKey: {
    name: "OPENSEND_API_KEY",
    group: "command line",
    parse: parseText,
    fallback: null as string | null,
    fallbackText: "not set; required by commands that call a server",
    secret: true,
    text: "API key of the commands that call a server.",
  },
  webhookUrl: {
    name: "OPENSEND_WEBHOOK_URL",
    group: "command line",
    parse: parseText,
    fallback: null as string | null,
    fallbackText: "read from standard input",
    secret: true,
    text: "Webhook URL for `opensend connections create`, so that it is not part of the command.",
  },
} as const satisfies Record<string, Option<unknown>>;
