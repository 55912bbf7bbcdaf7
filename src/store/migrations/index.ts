import type { Migration } from "../migrate.ts";
import { house } from "./0001-house.ts";
import { events } from "./0002-events.ts";
import { engine } from "./0003-engine.ts";
import { rotation } from "./0004-rotation.ts";
import { people } from "./0005-people.ts";
import { workspaceSettings } from "./0006-workspace-settings.ts";
import { inspector } from "./0007-inspector.ts";

/** In order. A migration that was released is never changed; a mistake is mended by the next one. */
export const MIGRATIONS: readonly Migration[] = [
  house,
  events,
  engine,
  rotation,
  people,
  workspaceSettings,
  inspector,
];
