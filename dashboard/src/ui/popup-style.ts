export const SCRIM = "fixed inset-0 z-40 animate-appear bg-scrim";

export const POPUP =
  "fixed top-1/2 left-1/2 z-40 max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 -translate-y-1/2 " +
  "animate-appear overflow-y-auto rounded-card border border-line bg-surface p-5 shadow-popup md:p-6";
