import { useState } from "react";
import { indentJson } from "../text/indent-json.ts";
import { Button } from "../ui/button.tsx";
import { CodePanel } from "../ui/code-panel.tsx";
import { CopyButton } from "../ui/copy-button.tsx";

type BodyPanelProps = {
  title?: string;
  /** What is shown, for the names of its buttons: "request body". */
  what: string;
  body: string;
  /** What the exact text is called: "As sent". */
  exactWord: string;
};

/** A body, laid out when it is JSON; the exact text is one click away, and is what Copy takes. */
export function BodyPanel({ title = "Body", what, body, exactWord }: BodyPanelProps) {
  const [showsExact, setShowsExact] = useState(false);
  const indented = indentJson(body);
  const isLaidOut = indented !== null && indented !== body;
  return (
    <CodePanel
      title={title}
      text={isLaidOut && !showsExact ? indented : body}
      emptyWord="Empty body"
      actions={
        body !== "" && (
          <>
            {isLaidOut && (
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
        )
      }
    />
  );
}
