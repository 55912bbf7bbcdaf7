import MiniSearch from "minisearch";
import { SEARCH_OPTIONS, type SearchEntry } from "../search-options.ts";

const RESULTS_MAX = 12;

type Result = {
  readonly url: string;
  readonly title: string;
  readonly page: string;
  readonly names: readonly string[];
};

/** Search with an index that was built with the pages; it is loaded when the field first gets focus. */
export function startSearch(): void {
  const form = document.querySelector<HTMLFormElement>("form.search");
  const input = form?.querySelector("input");
  const list = form?.querySelector("ul");
  const status = form?.querySelector<HTMLElement>("[role=status]");
  if (!form || !input || !list || !status) return;
  new Search({ form, input, list, status }).start();
}

type Parts = {
  readonly form: HTMLFormElement;
  readonly input: HTMLInputElement;
  readonly list: HTMLUListElement;
  readonly status: HTMLElement;
};

class Search {
  readonly #parts: Parts;
  #index: Promise<MiniSearch<SearchEntry>> | null = null;
  #results: readonly Result[] = [];
  #active = -1;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start(): void {
    const { form, input, list } = this.#parts;
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    input.addEventListener("focus", () => void this.#load());
    input.addEventListener("input", () => void this.#search());
    input.addEventListener("keydown", (event) => this.#onKey(event));
    input.addEventListener("blur", () => this.#close());
    // Keeps focus in the field, because losing it closes the list.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = (event.target as HTMLElement).closest<HTMLElement>("[role=option]");
      if (option !== null) this.#open(Number(option.dataset["index"]));
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if ((event.target as HTMLElement).closest("input, textarea, select")) return;
      event.preventDefault();
      input.focus();
    });
  }

  #load(): Promise<MiniSearch<SearchEntry>> {
    this.#index ??= fetch(this.#parts.form.dataset["search"] ?? "")
      .then(async (response) => {
        if (!response.ok) throw new Error(`the search index failed with ${response.status}`);
        return MiniSearch.loadJSON<SearchEntry>(await response.text(), SEARCH_OPTIONS);
      })
      .catch((error: unknown) => {
        // The next key press tries again.
        this.#index = null;
        throw error;
      });
    return this.#index;
  }

  async #search(): Promise<void> {
    const { input, status } = this.#parts;
    const query = input.value.trim();
    if (query === "") {
      this.#close();
      return;
    }
    try {
      const index = await this.#load();
      if (input.value.trim() !== query) return;
      this.#results = rank(index.search(query) as unknown as Result[], query).slice(0, RESULTS_MAX);
    } catch {
      this.#results = [];
      this.#show();
      status.textContent = "Search is not available. Check your connection and type again.";
      return;
    }
    this.#show();
    status.textContent = this.#results.length === 0 ? "No results" : `${this.#results.length} results`;
  }

  #show(): void {
    const { input, list } = this.#parts;
    this.#active = this.#results.length > 0 ? 0 : -1;
    list.replaceChildren(...this.#results.map(renderResult));
    if (this.#results.length === 0) list.replaceChildren(noResults());
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    this.#mark();
  }

  #close(): void {
    const { input, list, status } = this.#parts;
    this.#results = [];
    this.#active = -1;
    list.hidden = true;
    status.textContent = "";
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  #onKey(event: KeyboardEvent): void {
    const { input, list } = this.#parts;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      this.#close();
      return;
    }
    if (event.key === "Enter") {
      this.#open(this.#active);
      return;
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    if (list.hidden && input.value.trim() !== "") {
      void this.#search();
      return;
    }
    const count = this.#results.length;
    if (count > 0) this.#active = (this.#active + step + count) % count;
    this.#mark();
  }

  #mark(): void {
    const { input, list } = this.#parts;
    for (const option of list.querySelectorAll<HTMLElement>("[role=option]")) {
      const isActive = Number(option.dataset["index"]) === this.#active;
      option.setAttribute("aria-selected", String(isActive));
      if (isActive) option.scrollIntoView({ block: "nearest" });
    }
    if (this.#active < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `site-search-result-${this.#active}`);
  }

  #open(index: number): void {
    const result = this.#results[index];
    if (result === undefined) return;
    this.#close();
    this.#parts.input.value = "";
    location.assign(result.url);
  }
}

/** Entries with exactly this name come before entries that merely contain its words. */
function rank(results: readonly Result[], query: string): Result[] {
  const name = query.toLowerCase();
  return [true, false].flatMap((isNamed) => results.filter(({ names }) => names.includes(name) === isNamed));
}

function renderResult({ title, page }: Result, index: number): HTMLLIElement {
  const option = document.createElement("li");
  option.id = `site-search-result-${index}`;
  option.setAttribute("role", "option");
  option.dataset["index"] = String(index);
  option.append(textElement("strong", title), textElement("span", page));
  return option;
}

function noResults(): HTMLLIElement {
  const option = document.createElement("li");
  option.setAttribute("role", "option");
  option.setAttribute("aria-disabled", "true");
  option.append(textElement("span", "No results"));
  return option;
}

function textElement(name: "strong" | "span", text: string): HTMLElement {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
