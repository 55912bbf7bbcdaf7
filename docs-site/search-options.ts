import type { Options } from "minisearch";

export type SearchEntry = {
  readonly id: number;
  /** Path on the site with its anchor. */
  readonly url: string;
  readonly title: string;
  /** Title of the page that contains the entry. */
  readonly page: string;
  readonly text: string;
  /** In lower case; a query equal to one of them ranks the entry first. */
  readonly names: readonly string[];
};

/** Used to build and to load the index: MiniSearch needs the same options in both places. */
export const SEARCH_OPTIONS: Options<SearchEntry> = {
  fields: ["title", "page", "text"],
  storeFields: ["url", "title", "page", "names"],
  // Codes such as `rate_limited` and paths are found as a whole and by their words.
  tokenize: (text) => {
    const words = text.split(/[^\p{L}\p{N}_-]+/u).filter((word) => word !== "");
    return words.flatMap((word) => (/[_-]/.test(word) ? [word, ...word.split(/[_-]+/)] : [word]));
  },
  searchOptions: {
    boost: { title: 4, page: 2 },
    prefix: true,
    fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    combineWith: "AND",
    // Fewer readers look for the reasons of a decision than for instructions.
    boostDocument: (_id, _term, stored) => (String(stored?.["url"]).includes("/decisions/") ? 0.2 : 1),
  },
};
