/** Shared with the dashboard on the same origin. */
const STORAGE_KEY = "theme";

export function startThemeButton(): void {
  const button = document.querySelector<HTMLButtonElement>(".theme");
  if (button === null) return;
  const root = document.documentElement;
  const show = () => {
    const name = button.querySelector("span");
    if (name !== null) name.textContent = isDark() ? "Light" : "Dark";
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    root.dataset["theme"] = theme;
    try {
      localStorage.setItem(STORAGE_KEY, theme);
    } catch {
      // The choice then lasts only until the page is left.
    }
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen !== undefined) return chosen === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
