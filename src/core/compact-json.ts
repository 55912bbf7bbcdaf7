import { endOfJsonString, skipJsonSpace } from "./json-tokens.ts";

const SPACE = 0x20;
const QUOTE = 0x22;

/** Valid JSON without its insignificant white space; every number and string is kept byte for byte. */
export function compactJson(json: string): string {
  let compact = "";
  let kept = 0;
  let at = 0;
  while (at < json.length) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) at = endOfJsonString(json, at) ?? json.length;
    else if (code <= SPACE) {
      compact += json.slice(kept, at);
      at = skipJsonSpace(json, at);
      kept = at;
    } else at++;
  }
  return kept === 0 ? json : compact + json.slice(kept);
}
