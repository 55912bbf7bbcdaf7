const STORAGE_KEY = "docs-language";

/** Shows every sample in the last chosen language. */
export function rememberLanguage(): void {
  const choices = [...document.querySelectorAll<HTMLInputElement>(".samples input[type=radio]")];
  const choose = (language: string) => {
    for (const choice of choices) if (choice.value === language) choice.checked = true;
  };
  const remembered = read();
  if (remembered !== null) choose(remembered);
  for (const choice of choices) {
    choice.addEventListener("change", () => {
      const top = choice.getBoundingClientRect().top;
      choose(choice.value);
      // Samples above may have changed their height.
      scrollBy(0, choice.getBoundingClientRect().top - top);
      try {
        localStorage.setItem(STORAGE_KEY, choice.value);
      } catch {
        // The choice then lasts only until the page is left.
      }
    });
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}
