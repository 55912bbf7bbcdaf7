import { useSyncExternalStore } from "react";
import { lazyPart } from "./lazy-part.tsx";
import type { Message } from "./toast-list.tsx";

const ToastList = lazyPart("The notification", async () => (await import("./toast-list.tsx")).ToastList);

let messages: readonly Message[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function replace(next: readonly Message[]): void {
  messages = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Confirms an action. Never for secrets, and never the only place of an error. */
export function toast(text: string): void {
  replace([...messages, { id: nextId, text }]);
  nextId += 1;
}

export function Toaster() {
  const shown = useSyncExternalStore(subscribe, () => messages);
  if (nextId === 1) return null; // no toast has been shown yet
  return <ToastList messages={shown} onGone={(gone) => replace(messages.filter(({ id }) => id !== gone))} />;
}
