import { INSPECTOR_HOST } from "../inspector.ts";

export const RECEIVERS = [
  "zapier",
  "make",
  "n8n",
  "pipedream",
  "slack",
  "discord",
  "inspector",
  "custom",
] as const;
export type Receiver = (typeof RECEIVERS)[number];

const RULES: readonly { receiver: Receiver; host?: RegExp; path?: RegExp }[] = [
  { receiver: "zapier", host: /^hooks\.zapier\.(com|eu)$/ },
  { receiver: "make", host: /^hooks?\.([a-z0-9-]+\.)*make\.(com|celonis\.com)$/ },
  { receiver: "make", host: /^hook\.integromat\.com$/ },
  { receiver: "pipedream", host: /(^|\.)pipedream\.net$/ },
  { receiver: "slack", host: /^hooks\.slack(-gov)?\.com$/ },
  { receiver: "discord", host: /^((ptb|canary)\.)?discord(app)?\.com$/, path: /^\/api\/(v\d+\/)?webhooks\// },
  { receiver: "n8n", host: /\.n8n\.cloud$/ },
  // Self-hosted n8n: its test path is unique, its production path a common word that counts only with an id as n8n
  // generates it.
  { receiver: "n8n", path: /^\/webhook-test\/./ },
  { receiver: "n8n", path: /^\/webhook\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\/|$)/i },
];

/**
 * The automation tool behind a URL, or the built-in inspector, recognized by the host or by n8n's well-known paths;
 * `custom` otherwise.
 */
export function detectReceiver(url: URL): Receiver {
  const host = url.hostname.replace(/\.$/, "").toLowerCase();
  if (host === INSPECTOR_HOST) return "inspector";
  const rule = RULES.find(
    (rule) => (rule.host?.test(host) ?? true) && (rule.path?.test(url.pathname) ?? true),
  );
  return rule?.receiver ?? "custom";
}

/** n8n responds at `/webhook-test/` only while its editor listens. */
export function isN8nTestUrl(url: URL): boolean {
  return url.pathname.startsWith("/webhook-test/");
}

export const RECEIVER_NAMES: Record<Receiver, string> = {
  zapier: "Zapier",
  make: "Make",
  n8n: "n8n",
  pipedream: "Pipedream",
  slack: "Slack",
  discord: "Discord",
  inspector: "The inspector",
  custom: "The receiver",
};
