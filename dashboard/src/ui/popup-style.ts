export const SCRIM = "fixed inset-0 z-40 animate-appear bg-scrim";

const PANEL =
  "fixed left-1/2 z-40 max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 animate-appear " +
  "overflow-y-auto rounded-card border border-line bg-surface p-5 shadow-popup [overflow-wrap:anywhere] md:p-6";

export const POPUP = `${PANEL} top-1/2 -translate-y-1/2`;

/** For a dialog that grows and shrinks while someone types: its top edge is fixed. */
export const POPUP_AT_TOP = `${PANEL} top-4 md:top-[10dvh] md:max-h-[80dvh]`;
