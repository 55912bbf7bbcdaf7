const SHOWN_MS = 2_000;

/** Adds a copy button to every block of code. Added by script, because it needs scripts to work. */
export function addCopyButtons(): void {
  for (const block of document.querySelectorAll<HTMLElement>(".code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.append(labelOf("Copy"));
    button.addEventListener("click", () => void copy(block, button));
    block.append(button);
  }
}

async function copy(block: HTMLElement, button: HTMLButtonElement): Promise<void> {
  const text = block.querySelector("code")?.textContent ?? "";
  const isCopied = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
  button.replaceChildren(labelOf(isCopied ? "Copied" : "Copy failed"));
  setTimeout(() => button.replaceChildren(labelOf("Copy")), SHOWN_MS);
}

/** Text in its own element, because a browser's translation may replace text nodes. */
function labelOf(text: string): HTMLSpanElement {
  const label = document.createElement("span");
  label.textContent = text;
  return label;
}
