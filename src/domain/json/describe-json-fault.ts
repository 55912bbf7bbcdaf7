const LINE_FEED = 0x0a;

/** Lines are counted up to this length; a later fault is named by its character alone. */
const COUNTED_LENGTH_MAX = 256 * 1024;

/**
 * One sentence that says where a body stops being JSON; `faultAt` is an offset, the text's length when it ends too
 * early.
 */
export function describeJsonFault(text: string, faultAt: number): string {
  if (faultAt === text.length) return "The body is not valid JSON: it ends too early.";
  if (faultAt > COUNTED_LENGTH_MAX) {
    return `The body is not valid JSON: parsing stopped at character ${faultAt + 1}.`;
  }
  let line = 1;
  let lineAt = 0;
  for (let at = 0; at < faultAt; at++) {
    if (text.charCodeAt(at) !== LINE_FEED) continue;
    line++;
    lineAt = at + 1;
  }
  return `The body is not valid JSON: parsing stopped at line ${line}, column ${faultAt - lineAt + 1}.`;
}
