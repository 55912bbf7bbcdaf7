import { useSyncExternalStore } from "react";
import { type DeliveryFilter, readDeliveryFilter } from "../delivery-filter.ts";

/** A filter with a name. Fixed times are left out: a view that ended yesterday shows nothing new. */
export type SavedView = { readonly name: string; readonly filter: DeliveryFilter };

export const DEFAULT_VIEWS: readonly SavedView[] = [
  { name: "Failed", filter: readDeliveryFilter({ status: "failed" }) },
  { name: "Waiting", filter: readDeliveryFilter({ status: "pending" }) },
  { name: "Timed out", filter: readDeliveryFilter({ error_code: "timeout" }) },
];

export const VIEWS_MAX = 20;
export const NAME_LENGTH_MAX = 40;

/** The storage key of a person's views of a workspace in this browser. */
export function storageKeyOf(personId: string, workspaceId: string): string {
  return `opensend.views.${workspaceId}.${personId}`;
}

/** Reads views from the storage, which can contain anything. */
export function readViews(text: string | null): SavedView[] {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? "[]");
  } catch {
    return [];
  }
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((one: unknown) => readView(one)).slice(0, VIEWS_MAX);
}

function readView(stored: unknown): SavedView[] {
  if (typeof stored !== "object" || stored === null) return [];
  const { name, filter } = stored as { name?: unknown; filter?: unknown };
  if (typeof name !== "string" || name.trim() === "" || typeof filter !== "object" || filter === null)
    return [];
  return [{ name: name.trim().slice(0, NAME_LENGTH_MAX), filter: savedPart({ ...filter }) }];
}

/**
 * The part of a filter that a view saves. A search text may be a customer's name or a token from a payload, which must
 * not remain in a browser.
 */
export function savedPart(filter: Record<string, unknown> | DeliveryFilter): DeliveryFilter {
  return readDeliveryFilter({ ...filter, q: undefined, from: undefined, before: undefined });
}

/** Replaces the view of that name, or appends the view. */
export function withView(views: readonly SavedView[], view: SavedView): SavedView[] {
  return [...views.filter(({ name }) => name !== view.name), view].slice(-VIEWS_MAX);
}

const listeners = new Set<() => void>();

function save(key: string, views: readonly SavedView[]): void {
  localStorage.setItem(key, JSON.stringify(views));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", listener);
  };
}

export function useSavedViews(key: string) {
  const text = useSyncExternalStore(subscribe, () => localStorage.getItem(key));
  const views = readViews(text);
  return {
    views,
    keep: (name: string, filter: DeliveryFilter) =>
      save(key, withView(views, { name: name.trim().slice(0, NAME_LENGTH_MAX), filter: savedPart(filter) })),
    remove: (name: string) =>
      save(
        key,
        views.filter((view) => view.name !== name),
      ),
  };
}
