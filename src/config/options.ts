import { parseDatabaseUrl } from "./database-url.ts";
import { parseCidrs, parseHost, parseProxyUrl, parsePublicUrl } from "./network-values.ts";
import {
  type LogFormat,
  type LogLevel,
  parseDays,
  parseInteger,
  parseLogFormat,
  parseLogLevel,
  parseMetricsToken,
  parsePort,
  parseSessionSecret,
  parseSwitch,
  parseText,
} from "./parse-option.ts";
import { type MailAddress, parseMailFrom, parseSmtpUrl, type SmtpSettings } from "./smtp.ts";

export type OptionGroup =
  | "server"
  | "database"
  | "sealing"
  | "sessions"
  | "outbound"
  | "mail"
  | "command line";

/** One environment variable. The row gives parsing, default, masking and documentation. */
export type Option<T> = {
  readonly name: string;
  readonly group: OptionGroup;
  /** Turns the text, cleaned and not blank, into the value. @throws {OptionError} with what is expected; never with the text itself. */
  readonly parse: (text: string) => T;
  readonly fallback: T;
  /** How the default reads in the documentation. */
  readonly fallbackText: string;
  /** Credentials: shown as set or not set, never by value, and read from the file that `<name>_FILE` names, if set. */
  readonly secret: boolean;
  /** Of items with commas between, each of which may have quotation marks. */
  readonly isList?: boolean;
  readonly text: string;
  /** How the log shows the value; left out, as it is. Declared as a method, so that rows of all types fit. */
  show?(value: T): string;
};

/** Every option there is, in the order of the documentation. Nothing else in the program reads the environment. */
export const OPTIONS = {
  production: {
    name: "NODE_ENV",
    group: "server",
    parse: (text: string) => text === "production",
    fallback: false,
    fallbackText: "not set",
    secret: false,
    show: (isProduction: boolean) => (isProduction ? "production" : "development"),
    text: "`production` makes the sealing key and the session secret mandatory. Any other value is development.",
  },
  port: {
    name: "PORT",
    group: "server",
    parse: parsePort,
    fallback: 3015,
    fallbackText: "`3015`",
    secret: false,
    text: "TCP port of the API and the dashboard. `0` picks a free port.",
  },
  host: {
    name: "HOST",
    group: "server",
    parse: parseHost,
    fallback: "127.0.0.1",
    fallbackText: "`127.0.0.1`",
    secret: false,
    text: "Address to listen on. While people can reach the server from this machine only (a loopback address here and in the public URL, no trusted proxy) and there is no outbound proxy, webhook URLs may point to this machine too.",
  },
  dataDir: {
    name: "OPENSEND_DATA_DIR",
    group: "server",
    parse: parseText,
    fallback: "./data",
    fallbackText: "`./data`",
    secret: false,
    text: "Folder of the embedded database and of keys generated for development. Created with mode 0700 when missing.",
  },
  publicUrl: {
    name: "OPENSEND_PUBLIC_URL",
    group: "server",
    parse: parsePublicUrl,
    fallback: null as string | null,
    fallbackText: "`http://HOST:PORT`",
    secret: false,
    text: "URL people use in the browser, without a path. With `https://`, cookies are Secure and HSTS is sent.",
  },
  trustedProxies: {
    name: "OPENSEND_TRUSTED_PROXIES",
    isList: true,
    group: "server",
    parse: parseCidrs,
    fallback: [] as readonly string[],
    fallbackText: "none",
    secret: false,
    text: "Comma-separated addresses or ranges of reverse proxies whose `X-Forwarded-*` headers are trusted.",
  },
  rateLimitPerMinute: {
    name: "OPENSEND_RATE_LIMIT_PER_MINUTE",
    group: "server",
    parse: (text: string) => parseInteger(text, 0, 10_000_000),
    fallback: 1200,
    fallbackText: "`1200`",
    secret: false,
    text: "API requests per minute for each key, session or, without credentials, address (IPv6: /64 network). All keys and sessions of a workspace together have five times this limit. `0` disables both limits.",
  },
  logLevel: {
    name: "LOG_LEVEL",
    group: "server",
    parse: parseLogLevel,
    fallback: "info" as LogLevel,
    fallbackText: "`info`",
    secret: false,
    text: "One of `silent`, `fatal`, `error`, `warn`, `info`, `debug`, `trace`. Logs go to standard output.",
  },
  logFormat: {
    name: "LOG_FORMAT",
    group: "server",
    parse: parseLogFormat,
    fallback: null as LogFormat | null,
    fallbackText: "`pretty` on a terminal, else `json`",
    secret: false,
    text: "`json` for one JSON object per line, `pretty` for human-readable lines.",
  },
  metricsToken: {
    name: "OPENSEND_METRICS_TOKEN",
    group: "server",
    parse: parseMetricsToken,
    fallback: null as string | null,
    fallbackText: "not set: callers on this machine only, and none where a public URL is set",
    secret: true,
    text: "Lets `GET /metrics` be read from elsewhere with `Authorization: Bearer …`: at least 16 random characters.",
  },
  metricsPerConnection: {
    name: "OPENSEND_METRICS_PER_CONNECTION",
    group: "server",
    parse: parseSwitch,
    fallback: false,
    fallbackText: "`false`",
    secret: false,
    text: "`true` adds the state and the backlog of each connection to `GET /metrics`, labeled by its id, for up to 5,000 connections. Each series costs memory in the system that reads them.",
  },
  databaseUrl: {
    name: "DATABASE_URL",
    group: "database",
    parse: parseDatabaseUrl,
    fallback: null as string | null,
    fallbackText: "embedded SQLite in the data folder",
    secret: true,
    text: "`postgres://…` to use PostgreSQL (14 or newer) instead of the embedded SQLite database.",
  },
  databaseListenUrl: {
    name: "OPENSEND_DATABASE_LISTEN_URL",
    group: "database",
    parse: parseDatabaseUrl,
    fallback: null as string | null,
    fallbackText: "`DATABASE_URL`",
    secret: true,
    text: "`postgres://…` URL of the same database without the pooler, for LISTEN and NOTIFY. Needed when `DATABASE_URL` leads to a [pooler in transaction mode](postgresql.md#connection-poolers).",
  },
  payloadRetentionDays: {
    name: "OPENSEND_PAYLOAD_RETENTION_DAYS",
    group: "database",
    parse: parseDays,
    fallback: 30,
    fallbackText: "`30`",
    secret: false,
    text: "Days after which event data, request bodies and responses are deleted. Pending deliveries keep theirs until they end. `0` keeps them forever. A workspace may choose a shorter time, never a longer one.",
  },
  statusRetentionDays: {
    name: "OPENSEND_STATUS_RETENTION_DAYS",
    group: "database",
    parse: parseDays,
    fallback: 90,
    fallbackText: "`90`",
    secret: false,
    text: "Days after which an event and its deliveries are deleted completely, at least as many as for payloads. `0` keeps them forever. A workspace may choose a shorter time, never a longer one.",
  },
  encryptionKey: {
    name: "INTEGRATION_SECRET_ENCRYPTION_KEY",
    group: "sealing",
    parse: parseText,
    fallback: null as string | null,
    fallbackText: "generated in the data folder; required in production",
    secret: true,
    text: "Encrypts webhook URLs and signing secrets: 32 bytes in base64, 64 hex characters, or high-entropy text of at least 16 characters.",
  },
  fallbackEncryptionKey: {
    name: "WEBHOOK_SECRET_ENCRYPTION_KEY",
    group: "sealing",
    parse: parseText,
    fallback: null as string | null,
    fallbackText: "not set",
    secret: true,
    text: "Used when `INTEGRATION_SECRET_ENCRYPTION_KEY` is not set, in the same forms. For small development installs.",
  },
  previousEncryptionKeys: {
    name: "INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS",
    isList: true,
    group: "sealing",
    parse: parseText,
    fallback: null as string | null,
    fallbackText: "not set",
    secret: true,
    text: "The previous key, or several separated by commas. They decrypt existing credentials until `opensend secrets rotate` has re-encrypted them.",
  },
  sessionSecret: {
    name: "OPENSEND_SESSION_SECRET",
    group: "sessions",
    parse: parseSessionSecret,
    fallback: null as string | null,
    fallbackText: "generated in the data folder; required in production",
    secret: true,
    text: "Signs session cookies, the setup link and idempotency digests: at least 32 random characters, the same on every node.",
  },
  allowedCidrs: {
    name: "OPENSEND_OUTBOUND_ALLOWED_CIDRS",
    isList: true,
    group: "outbound",
    parse: parseCidrs,
    fallback: [] as readonly string[],
    fallbackText: "none",
    secret: false,
    text: "Comma-separated private ranges that webhook URLs may point to. Plain http is allowed there too.",
  },
  outboundProxy: {
    name: "OPENSEND_OUTBOUND_PROXY",
    group: "outbound",
    parse: parseProxyUrl,
    fallback: null as string | null,
    fallbackText: "none",
    secret: true,
    text: "Forward proxy for every event sent: `http://…` or `https://…`, with user and password if it requires them. The proxy resolves names and must itself block requests to private networks. With a proxy, webhook URLs cannot point to this machine unless its range is allowed.",
  },
  smtp: {
    name: "OPENSEND_SMTP_URL",
    group: "mail",
    parse: parseSmtpUrl,
    fallback: null as SmtpSettings | null,
    fallbackText: "not set: no mail is sent",
    secret: true,
    text: "Mail server for alerts, invitations and password resets: `smtp://USER:PASSWORD@HOST:587` with STARTTLS, which is required unless the server runs on this machine, or `smtps://…:465` with TLS from the start. `?tls=none` turns TLS off, for a mail server in the same private network. See [Mail](alerts.md#mail).",
  },
  mailFrom: {
    name: "OPENSEND_MAIL_FROM",
    group: "mail",
    parse: parseMailFrom,
    fallback: null as MailAddress | null,
    fallbackText: "not set; required with `OPENSEND_SMTP_URL`",
    secret: false,
    show: (from: MailAddress | null) => (from === null ? "not set" : `${from.name} <${from.address}>`),
    text: "Sender of all mail, such as `OpenSend <opensend@example.com>`.",
  },
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
    fallbackText: "nothing is checked",
    secret: true,
    text: "Signing secret with which `opensend listen` verifies what it receives.",
  },
} as const satisfies Record<string, Option<unknown>>;

export type OptionKey = keyof typeof OPTIONS;
export type Options = {
  readonly [K in OptionKey]: (typeof OPTIONS)[K]["fallback"] | ReturnType<(typeof OPTIONS)[K]["parse"]>;
};
