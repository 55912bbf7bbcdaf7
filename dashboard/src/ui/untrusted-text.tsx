import { useMemo } from "react";
import { visibleText } from "../text/visible-text.ts";

/** Text from outside, shown as plain text. Markers replace characters that hide or reverse text. */
export function UntrustedText({ text }: { text: string }) {
  const runs = useMemo(() => visibleText(text), [text]);
  return (
    <bdi>
      {runs.map((run, index) =>
        run.isMarker ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the runs of one text never move
          <span key={index} className="rounded-badge bg-warn-bg text-warn">
            {run.text}
          </span>
        ) : (
          run.text
        ),
      )}
    </bdi>
  );
}
