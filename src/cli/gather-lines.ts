type Output = { readonly write: (text: string) => unknown };

/**
 * Writes what is logged in one turn of the event loop at once: under load a write for each line would wake the reader,
 * and wait for it, thousands of times per second. A process that is killed may lose the lines of its last turn; one that
 * exits, by whatever way, does not.
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
