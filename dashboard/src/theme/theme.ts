import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "system";

const STORAGE_KEY = "theme";

const listeners = new Set<() => void>();

export function setTheme(theme: Theme): void {
  if (theme === "system") {
    delete document.documentElement.dataset["theme"];
    localStorage.removeItem(STORAGE_KEY);
  } else {
    document.documentElement.dataset["theme"] = theme;
    localStorage.setItem(STORAGE_KEY, theme);
  }
  for (const listener of listeners) listener();
}

/** The opposite of the theme that is shown now. */
export function otherTheme(): "light" | "dark" {
  const chosen = document.documentElement.dataset["theme"];
  const isDark =
    chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  return isDark ? "light" : "dark";
}

/** The chosen theme. index.html sets it on the document before the first paint, so it is read from there. */
export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => {
      const chosen = document.documentElement.dataset["theme"];
      return chosen === "light" || chosen === "dark" ? chosen : "system";
    },
  );
}
