/** A message of a stream of server-sent events (WHATWG HTML, 9.2.6). */
export type StreamMessage = { readonly type: string; readonly id: string | null; readonly data: string };

/**
 * The messages of a stream. A message without data, such as a new position, has an empty text.
 *
 * @param onBytes Called whenever bytes arrive, heartbeats included.
 */
export async function* readStream(
  body: AsyncIterable<Uint8Array>,
  onBytes: () => void,
): AsyncGenerator<StreamMessage> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) {
    onBytes();
    text += decoder.decode(chunk, { stream: true }).replaceAll("\r", "");
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) yield readBlock(block.split("\n"));
  }
}

function readBlock(lines: readonly string[]): StreamMessage {
  let type = "message";
  let id: string | null = null;
  const data: string[] = [];
  for (const line of lines) {
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === "event") type = value;
    else if (field === "data") data.push(value);
    else if (field === "id") id = value;
  }
  return { type, id, data: data.join("\n") };
}
