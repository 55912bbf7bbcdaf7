/** How many days payloads with attempts, and statuses, are kept; 0 for ever. */
export type KeptDays = { readonly payloadDays: number; readonly statusDays: number };

/** What a workspace asks for; null follows the instance. */
export type OwnKeptDays = { readonly payloadDays: number | null; readonly statusDays: number | null };

/**
 * How long a workspace keeps what it has. The instance's days are the operator's word: a workspace may keep shorter,
 * never longer, also when the operator has shortened them since. A payload goes with its status at the latest.
 */
export function effectiveKeptDays(limits: KeptDays, own: OwnKeptDays): KeptDays {
  const { payloadDays, statusDays } = allowedDays(limits, own);
  return { payloadDays: shorter(payloadDays, statusDays), statusDays };
}

export type KeptDaysFault = { readonly part: keyof KeptDays; readonly message: string };

/** Why a workspace may not ask for this, each fault at the part it is of. */
export function findKeptDaysFaults(limits: KeptDays, own: OwnKeptDays): KeptDaysFault[] {
  const tooLong = (["payloadDays", "statusDays"] as const).filter((part) => isOver(own[part], limits[part]));
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

function isOver(days: number | null, limit: number): boolean {
  return days !== null && shorter(days, limit) !== days;
}

function allowedDays(limits: KeptDays, own: OwnKeptDays): KeptDays {
  return {
    payloadDays: shorter(own.payloadDays ?? limits.payloadDays, limits.payloadDays),
    statusDays: shorter(own.statusDays ?? limits.statusDays, limits.statusDays),
  };
}

/** The shorter of two spans of days, of which 0 is for ever. */
function shorter(a: number, b: number): number {
  if (a === 0 || b === 0) return Math.max(a, b);
  return Math.min(a, b);
}

function inDays(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}
