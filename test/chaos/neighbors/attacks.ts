import type { Attack } from "./attack.ts";
import { auditExport } from "./audit-export.ts";
import { deadReceivers } from "./dead-receivers.ts";
import { invalidBatches } from "./invalid-batches.ts";
import { manyStreams } from "./many-streams.ts";
import { rejectedType } from "./rejected-type.ts";
import { repeatedKeys } from "./repeated-keys.ts";
import { silentNames } from "./silent-names.ts";

export const ATTACKS = {
  a: repeatedKeys,
  b: invalidBatches,
  c: silentNames,
  d: rejectedType,
  e: auditExport,
  f: manyStreams,
  g: deadReceivers,
} as const satisfies Record<string, Attack>;

export type AttackName = keyof typeof ATTACKS;
export const ATTACK_NAMES = Object.keys(ATTACKS) as AttackName[];
