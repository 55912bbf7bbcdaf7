import { findHeaderNameFault, findHeaderValueFault } from "../../../src/domain/custom-headers.ts";
import { z } from "../forms/schema.ts";
import type { HeaderDraft } from "./header-draft.ts";

/** The changes to send for the entered headers: a name with a value sets a header, a name with null removes it. */
export function headerChanges(drafts: readonly HeaderDraft[]): Record<string, string | null> {
  const sets = drafts.flatMap((draft) => {
    const value =
      draft.isRemoved || (draft.kind === "stored" && draft.value === "") ? null : writtenValue(draft);
    return value === null ? [] : [[nameOf(draft), value] as const];
  });
  const set = new Set(sets.map(([name]) => name.toLowerCase()));
  const removed = drafts.filter(
    ({ kind, name, isRemoved }) => kind === "stored" && isRemoved && !set.has(name.toLowerCase()),
  );
  return Object.fromEntries([...removed.map(({ name }) => [name, null] as const), ...sets]);
}

function nameOf({ kind, name }: HeaderDraft): string {
  return kind === "basic" || kind === "bearer" ? "Authorization" : name.trim();
}

function writtenValue({ kind, user, value }: HeaderDraft): string {
  if (kind === "basic") return `Basic ${base64(`${user}:${value}`)}`;
  return kind === "bearer" ? `Bearer ${tokenOf(value)}` : value.trim();
}

/** People often paste a token together with its scheme. */
function tokenOf(text: string): string {
  return text.trim().replace(/^Bearer(?: +|$)/i, "");
}

/** Encodes the text as UTF-8 first (RFC 7617, section 2.1). */
function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

type Fault = { readonly field: "name" | "user" | "value"; readonly message: string };

/** The fault in one header; null when there is none. */
export function findDraftFault(draft: HeaderDraft): Fault | null {
  const { kind, name, user, value, isRemoved } = draft;
  if (isRemoved || (kind === "stored" && value === "")) return null;
  if (kind === "header") {
    const message = name.trim() === "" ? "Enter a name." : findHeaderNameFault(name.trim());
    if (message !== null) return { field: "name", message };
  }
  if (kind === "basic") {
    if (user === "") return { field: "user", message: "Enter a user name." };
    if (user.includes(":")) return { field: "user", message: "A user name cannot contain a colon." };
  }
  if (kind === "bearer" && tokenOf(value) === "") return { field: "value", message: "Enter a token." };
  if (kind === "bearer" && /\s/.test(tokenOf(value))) {
    return { field: "value", message: "A token cannot contain spaces." };
  }
  if (kind === "header" && value.trim() === "") return { field: "value", message: "Enter a value." };
  const message = findHeaderValueFault(writtenValue(draft));
  return message === null ? null : { field: "value", message };
}

/** The indexes of headers whose name an earlier header has. */
export function repeatedNames(drafts: readonly HeaderDraft[]): number[] {
  const seen = new Set<string>();
  return drafts.flatMap((draft, index) => {
    if (draft.isRemoved) return [];
    const name = nameOf(draft).toLowerCase();
    if (seen.has(name)) return [index];
    seen.add(name);
    return [];
  });
}

type PlacedFault = {
  readonly path: readonly [index: number, field: Fault["field"]];
  readonly message: string;
};

/** All faults in the headers of a form. */
export function findDraftFaults(drafts: readonly HeaderDraft[]): PlacedFault[] {
  const own = drafts.flatMap((draft, index): PlacedFault[] => {
    const fault = findDraftFault(draft);
    return fault === null ? [] : [{ path: [index, fault.field], message: fault.message }];
  });
  const repeated = repeatedNames(drafts).map((index): PlacedFault => {
    const kind = drafts[index]?.kind;
    const field = kind === "header" ? "name" : kind === "basic" ? "user" : "value";
    return {
      path: [index, field],
      message: "There is a header of this name already. Replace or remove that one.",
    };
  });
  return [...own, ...repeated];
}

export const headerDrafts = z
  .array(
    z.object({
      kind: z.enum(["stored", "header", "basic", "bearer"]),
      name: z.string(),
      user: z.string(),
      value: z.string(),
      isRemoved: z.boolean(),
    }),
  )
  .check(({ value: drafts, issues }) => {
    for (const { path, message } of findDraftFaults(drafts)) {
      issues.push({ code: "custom", path: [...path], message, input: undefined });
    }
  });
