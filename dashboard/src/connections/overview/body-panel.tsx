import { useState } from "react";
import { indentJson } from "../../text/indent-json.ts";
import { Button } from "../../ui/button.tsx";
import { CodePanel } from "../../ui/code-panel.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";

type BodyPanelProps = { side: "request" | "response"; body: string };

/** A body, laid out when it is JSON; the exact text is one click away, and is what Copy takes. */
export function BodyPanel({ side, body }: BodyPanelProps) {
  const [showsExact, setShowsExact] = useState(false);
  const indented = indentJson(body);
  const isLaidOut = indented !== null && indented !== body;
  return (
    <CodePanel
      title="Body"
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
                {side === "request" ? "As sent" : "As received"}
              </Button>
            )}
            <CopyButton text={() => body} what={`${side} body`} />
          </>
        )
      }
    />
  );
}
