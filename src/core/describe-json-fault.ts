/** One sentence on where a body stops being JSON; `faultAt` is an offset, the text's length when it ends too early. */
export function describeJsonFault(text: string, faultAt: number): string {
  if (faultAt === text.length) return "The body is not valid JSON: it ends too early.";
  const lines = text.slice(0, faultAt).split("\n");
  const column = (lines.at(-1) ?? "").length + 1;
  return `The body is not valid JSON: parsing stopped at line ${lines.length}, column ${column}.`;
}
