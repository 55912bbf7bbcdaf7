/** A JSON text as a tree whose leaves are the exact tokens of the text, so that a number keeps all its digits. */
export type JsonNode = {
  readonly kind: "object" | "array" | "leaf";
  /** The member name with quotes and escapes as sent; null in an array and at the root. */
  readonly key: string | null;
  /** The token of a leaf, as sent. */
  readonly token: string;
  readonly children: readonly JsonNode[];
  /** The path from the root: "$.data.items[3]". */
  readonly path: string;
};

/** No one reads deeper. */
const DEPTH_MAX = 100;
/** A larger tree is slower than its text. */
const NODES_MAX = 20_000;

/** Strings, structural characters, and other tokens. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

type Open = { node: JsonNode & { children: JsonNode[] }; key: string | null };

/** Null when the text is not JSON, is not an object or array, or is too deep or too large for a tree. */
export function readJsonTree(text: string): JsonNode | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return null;
  } catch {
    return null;
  }
  const stack: Open[] = [];
  let nodes = 0;
  let root: JsonNode | null = null;
  for (const [token] of text.matchAll(TOKENS)) {
    const at = stack.at(-1);
    if (token === "," || token === ":") continue;
    if (token === "}" || token === "]") {
      stack.pop();
      continue;
    }
    if (at?.node.kind === "object" && at.key === null) {
      at.key = token;
      continue;
    }
    nodes += 1;
    if (nodes > NODES_MAX || stack.length > DEPTH_MAX) return null;
    const node = nodeOf(token, at);
    root ??= node;
    if (at !== undefined) {
      at.node.children.push(node);
      at.key = null;
    }
    if (node.kind !== "leaf") stack.push({ node, key: null });
  }
  return root;
}

function nodeOf(token: string, parent: Open | undefined): Open["node"] {
  const kind = token === "{" ? "object" : token === "[" ? "array" : "leaf";
  return {
    kind,
    token: kind === "leaf" ? token : "",
    key: parent?.key ?? null,
    children: [],
    path: pathOf(parent),
  };
}

function pathOf(parent: Open | undefined): string {
  if (parent === undefined) return "$";
  const { path, kind, children } = parent.node;
  if (kind === "array") return `${path}[${children.length}]`;
  const name = parent.key ?? "";
  return /^"[A-Za-z_]\w*"$/.test(name) ? `${path}.${name.slice(1, -1)}` : `${path}[${name}]`;
}

/** Paths of the nodes whose name or value contains the text, in document order. */
export function matchesIn(root: JsonNode, typed: string): string[] {
  const text = typed.trim().toLowerCase();
  if (text === "") return [];
  const found: string[] = [];
  const visit = (node: JsonNode) => {
    const isFound = [node.key, node.token].some((part) => part?.toLowerCase().includes(text));
    if (isFound) found.push(node.path);
    for (const child of node.children) visit(child);
  };
  visit(root);
  return found;
}

/** Whether a match is below this node, so that it must be expanded to be seen. */
export function containsMatch(path: string, matches: readonly string[]): boolean {
  return matches.some(
    (match) =>
      match.length > path.length && match.startsWith(path) && ".[".includes(match[path.length] ?? ""),
  );
}

/** The number of nodes, counted up to `max`. */
export function sizeOf(node: JsonNode, max: number): number {
  let size = 1;
  for (const child of node.children) {
    if (size >= max) return max;
    size += sizeOf(child, max - size);
  }
  return size;
}
