import { ChevronRight, Search } from "lucide-react";
import { useId, useMemo, useState } from "react";
import { counted } from "../text/count.ts";
import { Button } from "../ui/button.tsx";
import { Input } from "../ui/input.tsx";
import { UntrustedText } from "../ui/untrusted-text.tsx";
import { containsMatch, type JsonNode, matchesIn, sizeOf } from "./json-tree.ts";

type JsonViewProps = {
  root: JsonNode;
  /** The content's name in labels: "request body". */
  what: string;
};

/** A tree of up to this many nodes starts fully expanded; a larger one only in its first levels. */
const UNFOLDED_NODES_MAX = 300;
const UNFOLDED_LEVELS = 2;
/** Only the first matches are expanded automatically. */
const UNFOLDED_MATCHES_MAX = 100;
/** A smaller tree needs no search. */
const SEARCHED_NODES_MIN = 15;
const CHILDREN_STEP = 200;

/** JSON as a tree that can be collapsed and searched. */
export function JsonView({ root, what }: JsonViewProps) {
  const [text, setText] = useState("");
  const statusId = useId();
  const matches = useMemo(() => matchesIn(root, text), [root, text]);
  const found = useMemo(
    () => ({ paths: new Set(matches), first: matches.slice(0, UNFOLDED_MATCHES_MAX) }),
    [matches],
  );
  const size = useMemo(() => sizeOf(root, UNFOLDED_NODES_MAX + 1), [root]);
  const isSearched = text.trim() !== "";
  return (
    <div className="flex flex-col gap-2">
      {size >= SEARCHED_NODES_MIN && (
        <div className="flex flex-wrap items-center gap-2">
          <div className="relative min-w-0 flex-1 basis-40">
            <Search
              aria-hidden
              className="pointer-events-none absolute top-1/2 left-2 size-4 -translate-y-1/2 text-muted"
            />
            <Input
              aria-label={`Search ${what}`}
              aria-describedby={statusId}
              placeholder="Search names and values"
              value={text}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setText(event.target.value)}
              className="pl-8! md:h-8!"
            />
          </div>
          <p id={statusId} role="status" className="text-table text-muted empty:hidden">
            {isSearched &&
              (matches.length === 0 ? "No matches" : counted(matches.length, "match", "matches"))}
          </p>
        </div>
      )}
      <section
        aria-label={`${what}, as a tree`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="max-h-80 overflow-auto rounded-control bg-sunken p-3 font-mono text-badge [overflow-wrap:anywhere]"
      >
        <Node node={root} depth={0} isSmall={size <= UNFOLDED_NODES_MAX} found={found} isLast />
      </section>
    </div>
  );
}

type NodeProps = {
  node: JsonNode;
  depth: number;
  isSmall: boolean;
  found: { readonly paths: ReadonlySet<string>; readonly first: readonly string[] };
  isLast: boolean;
};

function Node(props: NodeProps) {
  const { node, found, isLast } = props;
  if (node.kind !== "leaf" && node.children.length > 0) return <Branch {...props} />;
  const empty = node.kind === "object" ? "{}" : "[]";
  return (
    <div className="pl-4">
      <Label node={node} isMatch={found.paths.has(node.path)} />
      <Marked isMatch={found.paths.has(node.path)} text={node.kind === "leaf" ? node.token : empty} />
      {!isLast && ","}
    </div>
  );
}

function Branch({ node, depth, isSmall, found, isLast }: NodeProps) {
  const [byHand, setByHand] = useState<boolean | null>(null);
  const [shown, setShown] = useState(CHILDREN_STEP);
  const isOpen = byHand ?? (isSmall || depth < UNFOLDED_LEVELS || containsMatch(node.path, found.first));
  const [opening, closing] = node.kind === "object" ? ["{", "}"] : ["[", "]"];
  const more = node.children.length - shown;
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setByHand(!isOpen)}
        className="inline-flex min-h-11 min-w-11 max-w-full items-center rounded-badge text-left hover:bg-surface md:min-h-0 md:min-w-0"
      >
        <ChevronRight
          aria-hidden
          className={isOpen ? "size-4 shrink-0 rotate-90 text-muted" : "size-4 shrink-0 text-muted"}
        />
        <span className="min-w-0">
          <Label node={node} isMatch={found.paths.has(node.path)} />
          {opening}
          {!isOpen && (
            <span className="text-muted">
              {" "}
              {counted(node.children.length, "entry", "entries")} {closing}
              {!isLast && ","}
            </span>
          )}
        </span>
      </button>
      {isOpen && (
        <>
          <div className="ml-2 border-l border-line pl-2">
            {node.children.slice(0, shown).map((child, index) => (
              <Node
                // biome-ignore lint/suspicious/noArrayIndexKey: a name can occur twice in JSON, and nothing moves
                key={index}
                node={child}
                depth={depth + 1}
                isSmall={isSmall}
                found={found}
                isLast={index === node.children.length - 1}
              />
            ))}
            {more > 0 && (
              <Button variant="quiet" className="md:h-7!" onClick={() => setShown(shown + CHILDREN_STEP)}>
                Show more ({counted(more, "entry", "entries")} left)
              </Button>
            )}
          </div>
          <div className="pl-4">
            {closing}
            {!isLast && ","}
          </div>
        </>
      )}
    </div>
  );
}

function Label({ node, isMatch }: { node: JsonNode; isMatch: boolean }) {
  if (node.key === null) return null;
  return (
    <>
      <span className="text-accent">
        <Marked isMatch={isMatch} text={node.key} />
      </span>
      {": "}
    </>
  );
}

function Marked({ isMatch, text }: { isMatch: boolean; text: string }) {
  if (!isMatch) return <UntrustedText text={text} />;
  return (
    <mark className="rounded-badge bg-warn-bg text-warn">
      <UntrustedText text={text} />
    </mark>
  );
}
