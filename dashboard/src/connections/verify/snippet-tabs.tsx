import type { Receiver } from "../../../../src/domain/diagnostics/detect-receiver.ts";
import { DocsLink } from "../../docs/docs-link.tsx";
import { Card } from "../../ui/card.tsx";
import { CodePanel } from "../../ui/code-panel.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { SNIPPETS } from "./snippets.ts";

/** Receiver code; the tab of the tool that the URL belongs to opens first. */
export function SnippetTabs({ receiver }: { receiver: Receiver }) {
  return (
    <Card aria-labelledby="snippets" className="flex flex-col gap-3 p-5">
      <h2 id="snippets" className="text-card font-semibold">
        Receiver code{" "}
      </h2>
      <p className="max-w-prose text-muted">
        Each snippet reads the secret from{" "}
        <code className="font-mono text-badge text-fg">OPENSEND_SIGNING_SECRET</code> and rejects requests
        that were changed or are older than five minutes. <DocsLink topic="verifying signatures" />
      </p>
      <Tabs
        label="Receiver"
        first={SNIPPETS.find((snippet) => snippet.receiver === receiver)?.name}
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
