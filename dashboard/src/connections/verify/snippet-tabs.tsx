import { Card } from "../../ui/card.tsx";
import { CodePanel } from "../../ui/code-panel.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { SNIPPETS } from "./snippets.ts";

/** What to put into the receiver. */
export function SnippetTabs() {
  return (
    <Card aria-labelledby="snippets" className="flex flex-col gap-3 p-5">
      <h2 id="snippets" className="text-card font-semibold">
        In the receiver
      </h2>
      <p className="max-w-prose text-muted">
        Each reads the secret from{" "}
        <code className="font-mono text-badge text-fg">OPENSEND_SIGNING_SECRET</code> and refuses what was
        changed, or is older than five minutes.
      </p>
      <Tabs
        label="Receiver"
        tabs={SNIPPETS.map(({ name, text, hint }) => ({
          name,
          content: (
            <>
              <p className="max-w-prose text-muted">{hint}</p>
              <CodePanel
                title={`${name} snippet`}
                text={text}
                actions={<CopyButton variant="primary" text={() => text} what={`${name} snippet`} />}
              />
            </>
          ),
        }))}
      />
    </Card>
  );
}
