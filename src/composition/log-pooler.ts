import type { Logger } from "pino";
import type { Options } from "../config/options.ts";
import type { Pooler } from "../db/postgres/pooler.ts";
import { describeDeafness, describePooler, type Words } from "../db/postgres/pooler-words.ts";

/** Logs what a pooler in front of PostgreSQL means for this process. */
export function logPooler(logger: Logger): (pooler: Pooler) => void {
  return (pooler) => {
    const words = describePooler(pooler);
    logger[words.cure === null ? "info" : "warn"](toSentences(words));
  };
}

/** Logs when this process stops receiving notifications of the others, and when it receives them again. */
export function logHearing(
  logger: Logger,
  { databaseListenUrl }: Pick<Options, "databaseListenUrl">,
): (isHearing: boolean) => void {
  return (isHearing) => {
    if (isHearing) logger.info("LISTEN works again");
    else logger.warn(toSentences(describeDeafness(databaseListenUrl !== null)));
  };
}

function toSentences({ text, cure }: Words): string {
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  return cure === null ? sentence : `${sentence} ${cure}`;
}
