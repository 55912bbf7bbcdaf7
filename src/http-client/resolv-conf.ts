/** The parts of resolv.conf(5) that c-ares leaves to its callers. */
export type ResolvConf = {
  /** Domains to append to a name that does not resolve as written. */
  readonly searchDomains: readonly string[];
};

/** Each domain costs every unknown name two more queries; Kubernetes sets three to five. */
const SEARCH_DOMAINS_MAX = 6;

export function parseResolvConf(text: string): ResolvConf {
  let searchDomains: readonly string[] = [];
  for (const line of text.split("\n")) {
    const [keyword, ...words] = line
      .replace(/[#;].*/, "")
      .trim()
      .split(/\s+/);
    // The last of these lines is in effect.
    if (keyword === "search" || keyword === "domain") {
      searchDomains = words.map((word) => word.toLowerCase().replace(/^\.+|\.+$/g, ""));
    }
  }
  return { searchDomains: searchDomains.filter((domain) => domain !== "").slice(0, SEARCH_DOMAINS_MAX) };
}
