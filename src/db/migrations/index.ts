import type { Migration } from "../migrate.ts";
import { schema } from "./0001-schema.ts";
import { statistics } from "./0002-statistics.ts";
import { alerts } from "./0006-alerts.ts";

/** In order. A migration that was released is never changed; a mistake is corrected by the next one. */
export const MIGRATIONS: readonly Migration[] = [schema, statistics, alerts];
