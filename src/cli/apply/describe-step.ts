import { printable } from "../printable.ts";
import type { Change, Step } from "./plan.ts";

const MARKS = { create: "+", change: "~", disconnect: "-" } as const;
const ENDS = { create: "is created", change: "changes", disconnect: "is disconnected" } as const;

/** Describes a step for people: each change with old and new value; for secrets, only that they change. */
export function describeStep({ action, kind, id, changes }: Step): string {
  const lines = changes.map((change) => `    ${describeChange(action, change)}`);
  return printable([`${MARKS[action]} ${kind} ${id} ${ENDS[action]}`, ...lines].join("\n"));
}

/** Counts the steps by action, in one line. */
export function countSteps(steps: readonly Step[]): string {
  const count = (wanted: Step["action"]) => steps.filter(({ action }) => action === wanted).length;
  return `${count("create")} to create, ${count("change")} to change, ${count("disconnect")} to disconnect`;
}

function describeChange(action: Step["action"], { field, before, after }: Change): string {
  if (before === undefined && after === undefined)
    return `${field}: ${action === "create" ? "set" : "changed"}`;
  return action === "create" ? `${field}: ${show(after)}` : `${field}: ${show(before)} → ${show(after)}`;
}

function show(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ");
  return value === undefined ? "default" : JSON.stringify(value);
}
