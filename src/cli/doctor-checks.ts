import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { pino } from "pino";
import { compose, type House } from "../compose.ts";
import type { Options } from "../config/options.ts";
import { loadSecrets, type Secrets } from "../config/secrets.ts";
import { newestMigrationNumber, schemaNumber } from "../store/migrate.ts";
import { pingStore, SQLITE_FILE } from "../store/open.ts";
import { readClock } from "../store/read-clock.ts";
import { defaultPublicUrl } from "./open-house.ts";
import { resealAll } from "./reseal-all.ts";

export type Finding = {
  readonly state: "ok" | "warn" | "fail";
  readonly check: string;
  readonly text: string;
  readonly cure: string | null;
};

const CLOCK_SKEW_MAX_MS = 5000;
/** What does not open is named up to here. */
const LISTED_MAX = 10;
/** A host that everybody who uses OpenSend for automation tools must be able to reach. */
const EGRESS_PROBE_URL = "https://hooks.zapier.com/";

/** Looks at everything a server needs, without changing anything, and tells what is wrong and how to mend it. */
export async function runChecks(options: Options): Promise<Finding[]> {
  const file = join(options.dataDir, SQLITE_FILE);
  if (options.databaseUrl === null && !existsSync(file)) {
    const cure =
      "Set OPENSEND_DATA_DIR to the server's folder, or start the server, which makes the database.";
    return [fail("database (sqlite)", `there is none at ${file}`, cure), await checkPort(options)];
  }
  const secrets = loadSecrets(options);
  const logger = pino({ level: "silent" });
  const house = compose({ options, secrets, logger, publicUrl: defaultPublicUrl(options), now: Date.now });
  try {
    const database = await checkDatabase(house);
    const isReachable = database.state !== "fail";
    return [
      database,
      database.state === "ok" ? await checkKey(house, secrets) : skipped("sealing key"),
      isReachable ? await checkClock(house) : skipped("clock"),
      await checkEgress(house),
      await checkPort(options),
    ];
  } finally {
    await house.close();
  }
}

function skipped(check: string): Finding {
  return { state: "warn", check, text: "not checked, since the database is not ready", cure: null };
}

async function checkDatabase({ store }: House): Promise<Finding> {
  const check = `database (${store.dialect})`;
  try {
    await pingStore(store.db);
  } catch (error) {
    const reason = (error as { code?: string }).code ?? "no answer";
    return fail(
      check,
      `does not answer (${reason})`,
      "Start the database and check DATABASE_URL: host, port, name, user.",
    );
  }
  const current = await schemaNumber(store.db).catch(() => 0);
  const newest = newestMigrationNumber();
  if (current > newest) {
    return fail(
      check,
      `has schema ${current}, this version knows ${newest}`,
      "Start the newer version of OpenSend.",
    );
  }
  if (current < newest)
    return warn(check, "answers, not migrated yet", "Run `opensend migrate`, or start the server.");
  return ok(check, `answers, schema ${current}`);
}

async function checkKey(house: House, secrets: Secrets): Promise<Finding> {
  const check = "sealing key";
  const source = `from ${secrets.keySource}, id ${house.keyring.current.id}`;
  const { resealed, current, unreadable } = await resealAll(house, true);
  if (unreadable.length > 0) {
    return fail(
      check,
      `${source}; does not open ${unreadable.length} of ${resealed + current + unreadable.length}: ${listed(unreadable)}`,
      "Add a missing key as INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS, then run `opensend secrets rotate`; what is damaged needs its webhook URL and secret anew.",
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

async function checkClock({ store }: House): Promise<Finding> {
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

async function checkEgress({ egress }: House): Promise<Finding> {
  const check = "egress";
  const host = new URL(EGRESS_PROBE_URL).hostname;
  const failure = await egress.probe(new URL(EGRESS_PROBE_URL));
  if (failure === null) return ok(check, `connects to ${host} with TLS`);
  return warn(
    check,
    `no connection to ${host} (${failure.code} at ${failure.stage})`,
    "Allow DNS and outgoing HTTPS from this machine, or set OPENSEND_OUTBOUND_PROXY.",
  );
}

async function checkPort(options: Options): Promise<Finding> {
  const check = `port ${options.port} on ${options.host}`;
  const code = await new Promise<string | null>((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen(options.port, options.host, () => server.close(() => resolve(null)));
  });
  if (code === null) return ok(check, "free");
  if (code === "EADDRINUSE")
    return warn(check, "taken", "Fine if OpenSend runs there; else set PORT to another one.");
  return fail(
    check,
    `cannot be listened on (${code})`,
    "Set HOST to an address of this machine and PORT above 1023.",
  );
}

function ok(check: string, text: string): Finding {
  return { state: "ok", check, text, cure: null };
}

function warn(check: string, text: string, cure: string): Finding {
  return { state: "warn", check, text, cure };
}

function fail(check: string, text: string, cure: string): Finding {
  return { state: "fail", check, text, cure };
}
