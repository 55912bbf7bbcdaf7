export const FAULT_KINDS = [
  "kill",
  "connections cut",
  "events commit cut",
  "attempts commit cut",
  "database restarted",
  "database killed",
  "disk full",
  "clock back",
  "clock forward",
  "process paused",
  "database taken over",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault and when it began and ended, in epoch milliseconds of a clock that is never stepped. */
export type Fault = {
  readonly kind: FaultKind;
  readonly at: number;
  readonly until: number;
};
