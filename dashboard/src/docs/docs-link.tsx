import { ExternalLink } from "lucide-react";
import { DOCS_TOPICS, type DocsTopic } from "./docs-topics.ts";

type DocsLinkProps = { readonly topic: DocsTopic; readonly children?: string };

/** A link to the documentation that fits into a sentence. It opens in a new tab, so that unsaved input is kept. */
export function DocsLink({ topic, children = `Docs: ${topic}` }: DocsLinkProps) {
  return (
    <a
      href={DOCS_TOPICS[topic]}
      target="_blank"
      rel="noopener"
      className="font-medium whitespace-nowrap text-accent underline"
    >
      <span>{children}</span>
      <ExternalLink aria-hidden className="ml-1 inline size-3.5 align-[-2px]" />
      <span className="sr-only"> (opens in a new tab)</span>
    </a>
  );
}
