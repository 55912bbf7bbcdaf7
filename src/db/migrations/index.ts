import type { Migration } from "../migrate.ts";
import { schema } from "./0001-schema.ts";
import { statistics } from "./0002-statistics.ts";
import { issues } from "./0003-issues.ts";
import { deliveriesAtScale } from "./0004-deliveries-at-scale.ts";
import { connectionState } from "./0005-connection-state.ts";
import { alerts } from "./0006-alerts.ts";
import { eventDetails } from "./0007-event-details.ts";
import { connectionSettings } from "./0008-connection-settings.ts";
import { connectionIdentity } from "./0009-connection-identity.ts";
import { lastChange } from "./0010-last-change.ts";

/** In order. A migration that was released is never changed; a mistake is corrected by the next one. */
export const MIGRATIONS: readonly Migration[] = [
  schema,
  statistics,
  issues,
  deliveriesAtScale,
  connectionState,
  alerts,
  eventDetails,
  connectionSettings,
  connectionIdentity,
  lastChange,
];
