/** How many days payloads with attempts, and statuses, are kept; 0 means forever. */
export type RetentionDays = { readonly payloadDays: number; readonly statusDays: number };

/** The retention that a workspace sets; null follows the instance. */
export type OwnRetentionDays = { readonly payloadDays: number | null; readonly statusDays: number | null };

/**
 * How long a workspace keeps its data. The operator sets the maximum for the instance: a workspace can keep its data
 * shorter, never longer, even if the operator has lowered the maximum since. A payload is deleted with its status at
 * the latest.
 */
export function effectiveRetentionDays(limits: RetentionDays, own: OwnRetentionDays): RetentionDays {
  const { payloadDays, statusDays } = allowedDays(limits, own);
  return { payloadDays: shorter(payloadDays, statusDays), statusDays };
}

export type RetentionDaysFault = { readonly part: keyof RetentionDays; readonly message: string };

/** Faults in the retention that a workspace asks for, each with the part it concerns. */
export function findRetentionDaysFaults(limits: RetentionDays, own: OwnRetentionDays): RetentionDaysFault[] {
  const tooLong = (["payloadDays", "statusDays"] as const).filter((part) => exceeds(own[part], limits[part]));
  if (tooLong.length > 0) {
    return tooLong.map((part) => ({
      part,
      message: `Must be from 1 to ${inDays(limits[part])}: this instance keeps no longer.`,
    }));
  }
  const { payloadDays, statusDays } = allowedDays(limits, own);
  if (shorter(payloadDays, statusDays) === payloadDays) return [];
  const payloads = payloadDays === 0 ? "for ever" : `for ${inDays(payloadDays)}`;
  const message = `Statuses are kept at least as long as payloads, which are kept ${payloads}.`;
  return [{ part: "statusDays", message }];
}

function exceeds(days: number | null, limit: number): boolean {
  return days !== null && shorter(days, limit) !== days;
}

function allowedDays(limits: RetentionDays, own: OwnRetentionDays): RetentionDays {
  return {
    payloadDays: shorter(own.payloadDays ?? limits.payloadDays, limits.payloadDays),
    statusDays: shorter(own.statusDays ?? limits.statusDays, limits.statusDays),
  };
}

/** The shorter of two periods in days, where 0 is forever. */
function shorter(a: number, b: number): number {
  if (a === 0 || b === 0) return Math.max(a, b);
  return Math.min(a, b);
}

function inDays(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}
