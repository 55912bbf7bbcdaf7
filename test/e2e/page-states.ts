import { DELIVERIES } from "./states/deliveries.ts";
import { DOORS } from "./states/doors.ts";
import { FRAME } from "./states/frame.ts";
import { INTEGRATIONS } from "./states/integrations.ts";
import type { PageState } from "./states/page-state.ts";
import { WORKSPACE } from "./states/workspace.ts";

/** Every page in every state. The same owner reads them all, and no state changes another. */
export const STATES: readonly PageState[] = [
  ...DOORS,
  ...INTEGRATIONS,
  ...DELIVERIES,
  ...WORKSPACE,
  ...FRAME,
];
