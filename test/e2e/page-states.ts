import { DELIVERIES } from "./states/deliveries.ts";
import { DOORS } from "./states/doors.ts";
import { FRAME } from "./states/frame.ts";
import { INTEGRATIONS } from "./states/integrations.ts";
import type { PageState } from "./states/page-state.ts";
import { WORKSPACE } from "./states/workspace.ts";

/** Every page, in the states a person may find it in. They are read by one owner, and change nothing of each other. */
export const STATES: readonly PageState[] = [
  ...DOORS,
  ...INTEGRATIONS,
  ...DELIVERIES,
  ...WORKSPACE,
  ...FRAME,
];
