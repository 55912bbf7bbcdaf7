export type PastedRequest = { readonly headers: ReadonlyMap<string, string>; readonly body: string };

/** Reads header lines, an empty line and a body, as tools dump a request. Header names are returned in lower case. */
export function readRequest(pasted: string): PastedRequest {
  const text = pasted.replace(/^\s+/, "");
  const gap = /\r?\n[ \t]*\r?\n/.exec(text);
  const head = gap === null ? text : text.slice(0, gap.index);
  const headers = new Map<string, string>();
  for (const line of head.split(/\r?\n/)) {
    const match = /^\s*([\w-]+)\s*:\s*(.*?)\s*$/.exec(line);
    if (match?.[1] !== undefined) headers.set(match[1].toLowerCase(), match[2] ?? "");
  }
  return { headers, body: gap === null ? "" : text.slice(gap.index + gap[0].length) };
}
