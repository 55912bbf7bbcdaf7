import { addApply } from "../commands/apply.ts";
import { addConnections } from "../commands/connections.ts";
import { addDeliveries } from "../commands/deliveries.ts";
import { addEvents } from "../commands/events.ts";
import { addListen } from "../commands/listen.ts";
import { addReplay } from "../commands/replay.ts";
import type { AddCommands } from "./client.ts";

/** The commands that call a server; they load nothing of the server. */
export const CLIENT_COMMANDS: readonly AddCommands[] = [
  addEvents,
  addConnections,
  addDeliveries,
  addReplay,
  addApply,
  addListen,
];
