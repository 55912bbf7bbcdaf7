import type { Options } from "../config/options.ts";
import { describeNotListening, describePooler, type PoolerFinding } from "../db/postgres/describe-pooler.ts";
import { probePooler } from "../db/postgres/pooler.ts";
import { canListen } from "../db/postgres/receives-notify.ts";
import { codeOf } from "./check-store.ts";
import { type Finding, fail, ok } from "./finding.ts";

/** Explains a pooler in transaction mode; empty without one. */
export async function checkPooler(databaseUrl: string): Promise<Finding[]> {
  const pooler = await probePooler(databaseUrl);
  return pooler.isPerTransaction ? [toFinding("pooler", describePooler(pooler))] : [];
}

/** Checks whether processes that share the database receive each other's notifications. */
export async function checkListening(
  databaseUrl: string,
  { databaseListenUrl }: Pick<Options, "databaseListenUrl">,
): Promise<Finding> {
  const check = "listen";
  try {
    const isReceived = await canListen({ databaseUrl, listenUrl: databaseListenUrl ?? databaseUrl });
    return isReceived
      ? ok(check, "processes notify each other with LISTEN and NOTIFY")
      : toFinding(check, describeNotListening(databaseListenUrl !== null));
  } catch (error) {
    return fail(
      check,
      `no connection to listen on (${codeOf(error) ?? "no response"})`,
      "Check OPENSEND_DATABASE_LISTEN_URL: host, port, name, user.",
    );
  }
}

function toFinding(check: string, { text, fix }: PoolerFinding): Finding {
  return { state: fix === null ? "ok" : "warn", check, text, fix };
}
