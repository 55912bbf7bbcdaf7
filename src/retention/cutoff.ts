import { effectiveRetentionDays, type RetentionDays } from "../domain/retention-days.ts";

/** A workspace's own settings, from its row. */
export type OwnDays = {
  readonly payload_retention_days: number | null;
  readonly status_retention_days: number | null;
};

/** The time before which a workspace's events have expired; 0 if they are kept forever. */
export type CutoffOf = (workspace: OwnDays) => number;

const DAY_MS = 24 * 60 * 60 * 1000;

/** The cuts of one cleanup, for payloads and for statuses. */
export function createCutoffs(
  limits: RetentionDays,
  now: number,
): { payloads: CutoffOf; statuses: CutoffOf } {
  const daysOf = (own: OwnDays) =>
    effectiveRetentionDays(limits, {
      payloadDays: own.payload_retention_days,
      statusDays: own.status_retention_days,
    });
  const cutoff = (days: number) => (days === 0 ? 0 : now - days * DAY_MS);
  return {
    payloads: (workspace) => cutoff(daysOf(workspace).payloadDays),
    statuses: (workspace) => cutoff(daysOf(workspace).statusDays),
  };
}
