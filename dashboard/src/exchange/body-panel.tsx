import { useMemo, useState } from "react";
import { readJsonTree } from "../json/json-tree.ts";
import { Button } from "../ui/button.tsx";
import { CodePanel } from "../ui/code-panel.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { lazyPart } from "../ui/lazy-part.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

const JsonView = lazyPart("The tree", async () => (await import("../json/json-view.tsx")).JsonView, {
  placeholder: <Skeleton className="h-24" />,
});

type BodyPanelProps = {
  title?: string;
  /** The content's name in button labels: "request body". */
  what: string;
  body: string;
  /** The name of the exact text: "As sent". */
  exactWord: string;
};

/** A body, as a tree if it is JSON. One click shows the exact text, and Copy always copies the exact text. */
export function BodyPanel({ title = "Body", what, body, exactWord }: BodyPanelProps) {
  const [showsExact, setShowsExact] = useState(false);
  const root = useMemo(() => readJsonTree(body), [body]);
  const actions = body !== "" && (
    <>
      {root !== null && (
        <Button
          variant="quiet"
          className="aria-pressed:bg-sunken aria-pressed:text-fg"
          aria-pressed={showsExact}
          onClick={() => setShowsExact(!showsExact)}
        >
          {exactWord}
        </Button>
      )}
      <CopyButton text={() => body} what={what} />
    </>
  );
  if (root === null || showsExact) {
    return <CodePanel title={title} text={body} emptyWord="Empty body" actions={actions} />;
  }
  return (
    <div>
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-2">
        <h4 className="text-table font-medium text-muted">{title}</h4>
        <div className="flex flex-wrap">{actions}</div>
      </div>
      <JsonView root={root} what={what} />
    </div>
  );
}
