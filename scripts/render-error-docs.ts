import { ERRORS } from "../src/domain/errors.ts";

/** docs/errors: one page per code and an index, from the table of errors. */
export function renderErrorDocs(): Record<string, string> {
  const entries = Object.entries(ERRORS);
  const pages = entries.map(([code, { status, title, cause, fix }]) => [
    `${code}.md`,
    `# ${title}\n\n\`${code}\` · HTTP ${status}\n\n## Cause\n\n${cause}\n\n## Fix\n\n${fix}\n`,
  ]);
  const rows = entries.map(
    ([code, { status, title }]) => `| [\`${code}\`](${code}.md) | ${status} | ${title} |`,
  );
  const index = `# Errors

Every error of the API is \`application/problem+json\` (RFC 9457). \`type\` is the URL of one of these pages on your
instance, \`code\` is stable, \`detail\` says what happened, where, and what to do, and \`errors\` names the fields of a
validation error. These pages are generated from \`src/domain/errors.ts\`.

| code | status | title |
|---|---|---|
${rows.join("\n")}
`;
  return { ...Object.fromEntries(pages), "README.md": index };
}
