import { findHeaderNameFault, findHeaderValueFault } from "../../../src/domain/custom-headers.ts";
import { z } from "../forms/schema.ts";

/** How a header is entered; a stored one is known by its name alone. */
export type HeaderKind = "stored" | "header" | "basic" | "bearer";

export type HeaderDraft = {
  kind: HeaderKind;
  name: string;
  /** User name of Basic authentication. */
  user: string;
  /** Value, password or token; empty leaves a stored header as it is. */
  value: string;
  isRemoved: boolean;
};

export const NEW_HEADER: HeaderDraft = { kind: "header", name: "", user: "", value: "", isRemoved: false };

export function storedHeader(name: string): HeaderDraft {
  return { ...NEW_HEADER, kind: "stored", name };
}

/** What to send of headers as a person has entered them: names with values to set, and with null to remove. */
export function headerChanges(drafts: readonly HeaderDraft[]): Record<string, string | null> {
  const sets = drafts.flatMap((draft) => {
    const value =
      draft.isRemoved || (draft.kind === "stored" && draft.value === "") ? null : writtenValue(draft);
    return value === null ? [] : [[nameOf(draft), value] as const];
  });
  const set = new Set(sets.map(([name]) => name.toLowerCase()));
  const removed = drafts.filter(({ name, isRemoved }) => isRemoved && !set.has(name.toLowerCase()));
  return Object.fromEntries([...removed.map(({ name }) => [name, null] as const), ...sets]);
}

function nameOf({ kind, name }: HeaderDraft): string {
  return kind === "basic" || kind === "bearer" ? "Authorization" : name.trim();
}

function writtenValue({ kind, user, value }: HeaderDraft): string {
  if (kind === "basic") return `Basic ${base64(`${user}:${value}`)}`;
  return kind === "bearer" ? `Bearer ${tokenOf(value)}` : value.trim();
}

/** A token is often pasted with its scheme. */
function tokenOf(text: string): string {
  return text.trim().replace(/^Bearer(?: +|$)/i, "");
}

/** Of the text in UTF-8 (RFC 7617, section 2.1). */
function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

type Fault = { readonly field: "name" | "user" | "value"; readonly message: string };

/** What is wrong with one header; null when nothing is. */
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

/** The places of headers that another one before them names too. */
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
    const push = (path: (string | number)[], message: string) =>
      issues.push({ code: "custom", path, message, input: undefined });
    for (const [index, draft] of drafts.entries()) {
      const fault = findDraftFault(draft);
      if (fault !== null) push([index, fault.field], fault.message);
    }
    for (const index of repeatedNames(drafts)) {
      const { kind } = drafts[index] ?? NEW_HEADER;
      const field = kind === "header" ? "name" : kind === "basic" ? "user" : "value";
      push([index, field], "There is a header of this name already. Replace or remove that one.");
    }
  });
