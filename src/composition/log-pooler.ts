import type { Logger } from "pino";
import type { Options } from "../config/options.ts";
import { describeNotListening, describePooler, type PoolerFinding } from "../db/postgres/describe-pooler.ts";
import type { Pooler } from "../db/postgres/pooler.ts";

/** Logs what a pooler in front of PostgreSQL means for this process. */
export function logPooler(logger: Logger): (pooler: Pooler) => void {
  return (pooler) => {
    const finding = describePooler(pooler);
    logger[finding.fix === null ? "info" : "warn"](toSentences(finding));
  };
}

/** Logs when this process stops receiving notifications of the others, and when it receives them again. */
export function logListening(
  logger: Logger,
  { databaseListenUrl }: Pick<Options, "databaseListenUrl">,
): (isListening: boolean) => void {
  return (isListening) => {
    if (isListening) logger.info("LISTEN works again");
    else logger.warn(toSentences(describeNotListening(databaseListenUrl !== null)));
  };
}

function toSentences({ text, fix }: PoolerFinding): string {
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  return fix === null ? sentence : `${sentence} ${fix}`;
}
