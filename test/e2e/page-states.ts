import { APP_SHELL } from "./states/app-shell.ts";
import { DELIVERIES } from "./states/deliveries.ts";
import { INTEGRATIONS } from "./states/integrations.ts";
import type { PageState } from "./states/page-state.ts";
import { PUBLIC_PAGES } from "./states/public-pages.ts";
import { WORKSPACE } from "./states/workspace.ts";

/** Every page in every state. The same owner reads them all, and no state changes another. */
export const STATES: readonly PageState[] = [
  ...PUBLIC_PAGES,
  ...INTEGRATIONS,
  ...DELIVERIES,
  ...WORKSPACE,
  ...APP_SHELL,
];
