type Output = { readonly write: (text: string) => unknown };

/**
 * Writes all log lines of one event loop turn together: under load, a write per line would wake the reader, and wait
 * for it, thousands of times per second. A killed process can lose the lines of its last turn; any other exit loses
 * nothing.
 */
export function gatherLines(output: Output): Output & { readonly flush: () => void } {
  let gathered = "";
  const flush = () => {
    if (gathered === "") return;
    const text = gathered;
    gathered = "";
    output.write(text);
  };
  process.once("exit", flush);
  return {
    flush,
    write: (line) => {
      if (gathered === "") setImmediate(flush);
      gathered += line;
    },
  };
}
