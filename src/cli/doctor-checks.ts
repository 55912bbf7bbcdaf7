import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { pino } from "pino";
import { type AppContext, compose } from "../app.ts";
import { extraAuthoritiesFile } from "../config/load.ts";
import type { Options } from "../config/options.ts";
import { loadSecrets, peekEncryptionKey, type Secrets } from "../config/secrets.ts";
import { createKeyring } from "../crypto/keyring.ts";
import { SQLITE_FILE } from "../db/open.ts";
import { readClock } from "../db/read-clock.ts";
import { DamagedDatabaseError } from "../db/sqlite/damaged-database-error.ts";
import { readTrustedAuthorities } from "../http-client/trusted-authorities.ts";
import { checkBacklog, checkConnections, checkCounts } from "./check-deliveries.ts";
import { checkListening, checkPooler } from "./check-pooler.ts";
import { checkDatabase, checkDisk, checkWorkers, checkWrites, codeOf, damaged } from "./check-store.ts";
import { CommandError } from "./command-error.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";
import { LocalClient } from "./local-client.ts";
import { defaultPublicUrl } from "./open-app.ts";
import { resealAll } from "./reseal-all.ts";

const CLOCK_SKEW_MAX_MS = 5000;
/** How many objects that cannot be opened are listed. */
const LISTED_MAX = 10;
/** A host that everyone who uses OpenSend for automation tools must be able to reach. */
const EGRESS_PROBE_URL = "https://hooks.zapier.com/";

/** Checks everything a server needs, without keeping anything it writes. Each finding that fails includes its fix. */
export async function runChecks(options: Options, recounts = false): Promise<Finding[]> {
  const file = join(options.dataDir, SQLITE_FILE);
  if (options.databaseUrl === null && !existsSync(file)) {
    const fix =
      "Set OPENSEND_DATA_DIR to the server's folder, or start the server, which creates the database.";
    return [
      fail("database (sqlite)", `not found at ${file}`, fix),
      checkUnusedKey(options),
      ok("backlog", "none, since there is no database"),
      await checkPort(options),
    ];
  }
  const opened = open(options);
  if ("state" in opened) return [opened, await checkPort(options)];
  const { context, secrets } = opened;
  const { store } = context;
  try {
    const database = await checkDatabase(store);
    const isReady = database.state === "ok";
    return [
      database,
      isReady ? await checkWrites(store) : skipped("writes"),
      ...(store.dialect === "sqlite" ? [checkDisk(options.dataDir)] : []),
      ...(database.state === "fail" ? [] : await checkServerConnection(options)),
      isReady ? await checkWorkers(store) : skipped("workers"),
      isReady ? await checkConnections(store) : skipped("connections"),
      isReady ? await checkBacklog(store) : skipped("backlog"),
      isReady ? await checkCounts(store, recounts) : skipped("pending counts"),
      isReady ? await checkKey(context, secrets) : skipped("sealing key"),
      database.state === "fail" ? skipped("clock") : await checkClock(context),
      checkAuthorities(),
      await checkEgress(context),
      await checkMail(context, options),
      await checkPort(options),
    ];
  } finally {
    await context.close();
  }
}

function open(options: Options): { context: AppContext; secrets: Secrets } | Finding {
  try {
    const secrets = loadSecrets(options);
    const logger = pino({ level: "silent" });
    const publicUrl = defaultPublicUrl(options);
    return { secrets, context: compose({ options, secrets, logger, publicUrl, now: Date.now }) };
  } catch (error) {
    if (error instanceof DamagedDatabaseError) return damaged(error);
    const code = codeOf(error);
    if (code === null) throw error;
    const fix = "Let the user who runs OpenSend write to the folder and its files, and check the disk.";
    return fail("data folder", `${options.dataDir} cannot be used (${code})`, fix);
  }
}

async function checkServerConnection(options: Options): Promise<Finding[]> {
  const { databaseUrl } = options;
  if (databaseUrl === null) return [];
  return [...(await checkPooler(databaseUrl)), await checkListening(databaseUrl, options)];
}

function skipped(check: string): Finding {
  return { state: "warn", check, text: "not checked, since the database is not ready", fix: null };
}

/** The key that would seal a new database. */
function checkUnusedKey(options: Options): Finding {
  const check = "sealing key";
  const key = peekEncryptionKey(options);
  if (key === null) return ok(check, "none yet; the first start creates one in the data folder");
  const { id } = createKeyring(key.encryptionKey).current;
  return ok(check, `from ${key.keySource}, id ${id}; nothing is sealed yet`);
}

async function checkKey(context: AppContext, secrets: Secrets): Promise<Finding> {
  const check = "sealing key";
  const source = `from ${secrets.keySource}, id ${context.services.integrations.keyring.current.id}`;
  const { resealed, current, unreadable } = await resealAll(context, true);
  if (unreadable.length > 0) {
    return fail(
      check,
      `${source}; does not open ${unreadable.length} of ${resealed + current + unreadable.length}: ${listed(unreadable)}`,
      "Add a missing key as INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS, then run `opensend secrets rotate`; for damaged credentials, enter the webhook URL and secret again.",
    );
  }
  if (resealed > 0) {
    return warn(check, `${source}; ${resealed} still use a previous key`, "Run `opensend secrets rotate`.");
  }
  return ok(check, `${source}; opens all ${current} that are sealed`);
}

function listed(lines: readonly string[]): string {
  const others = lines.length - LISTED_MAX;
  return [...lines.slice(0, LISTED_MAX), ...(others > 0 ? [`and ${others} more`] : [])].join(", ");
}

async function checkClock({ store }: AppContext): Promise<Finding> {
  const check = "clock";
  const skewMs = Math.round((await readClock(store)) - Date.now());
  if (Math.abs(skewMs) > CLOCK_SKEW_MAX_MS) {
    return fail(
      check,
      `differs from the database's by ${skewMs} ms`,
      "Synchronize both clocks (NTP). Receivers refuse signatures whose timestamp is minutes off.",
    );
  }
  return ok(check, `${new Date().toISOString()}, within ${CLOCK_SKEW_MAX_MS} ms of the database's`);
}

/** Node itself only warns about an unreadable file, once, when the process starts. */
function checkAuthorities(): Finding {
  const check = "trusted CAs";
  const { count, extra } = readTrustedAuthorities();
  const file = extraAuthoritiesFile();
  if (file === null) return ok(check, `${count}, none of them from NODE_EXTRA_CA_CERTS, which is not set`);
  if (extra > 0) return ok(check, `${count}, ${extra} of them from NODE_EXTRA_CA_CERTS (${file})`);
  return warn(
    check,
    `${count}; nothing could be read from NODE_EXTRA_CA_CERTS (${file})`,
    "Name a file with certificates in PEM that the user who runs OpenSend can read.",
  );
}

async function checkEgress({ senders }: AppContext): Promise<Finding> {
  const check = "egress";
  const host = new URL(EGRESS_PROBE_URL).hostname;
  const failure = await senders.egress.probe(new URL(EGRESS_PROBE_URL));
  if (failure === null) return ok(check, `connects to ${host} with TLS`);
  const fix =
    failure.code === "tls_unknown_ca" || failure.code === "tls_self_signed"
      ? "A proxy on the way inspects TLS. Add its CA certificate with NODE_EXTRA_CA_CERTS."
      : "Allow DNS and outgoing HTTPS from this machine, or set OPENSEND_OUTBOUND_PROXY.";
  return warn(check, `no connection to ${host} (${failure.code} at ${failure.stage})`, fix);
}

/** Connects and signs in without sending. */
async function checkMail({ services }: AppContext, { smtp: settings }: Options): Promise<Finding> {
  const check = "mail";
  const { smtp } = services.instance.operations.alerts;
  if (smtp === null || settings === null)
    return ok(check, "OPENSEND_SMTP_URL is not set, so no mail is sent");
  const failure = await smtp.check();
  const { host, port, tls, login } = settings;
  if (failure === null) {
    const how = `${tls === "none" ? "without TLS" : "with TLS"}${login === null ? "" : ", signs in"}`;
    return ok(check, `connects to ${host}:${port} ${how}`);
  }
  return warn(check, `no mail through ${host}:${port} (${failure.code})`, failure.message);
}

async function checkPort(options: Options): Promise<Finding> {
  const check = `port ${options.port} on ${options.host}`;
  const code = await new Promise<string | null>((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen(options.port, options.host, () => server.close(() => resolve(null)));
  });
  if (code === null) return ok(check, "free");
  if (code === "EADDRINUSE") return checkServer(check, options);
  return fail(
    check,
    `cannot be listened on (${code})`,
    "Set HOST to an address of this machine and PORT above 1023.",
  );
}

/** Asks the server on the port, since a running server knows best which of its parts fail. */
async function checkServer(check: string, options: Options): Promise<Finding> {
  try {
    const content = await new LocalClient(defaultPublicUrl({ ...options, publicUrl: null })).call(
      "GET",
      "/api/ready",
    );
    if ((content as { status?: unknown } | null)?.status === "ready") {
      return ok(check, "taken by OpenSend, which is ready");
    }
  } catch (error) {
    if (error instanceof CommandError && error.message !== "") {
      return fail(
        check,
        `taken by OpenSend, which is not ready: ${error.message}`,
        "See the log of that process.",
      );
    }
  }
  return warn(check, "taken by another program", "Stop it, or set PORT to another port.");
}
