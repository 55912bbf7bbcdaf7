import { OptionError } from "./option-error.ts";

const PARTS = /^postgres(?:ql)?:\/\/(?<authority>[^/?#]*)(?<path>[^?#]*)(?<query>\?[^#]*)?$/;

/** @throws {OptionError} naming the character to encode, when a user or password contains one that a URL reserves. */
export function parseDatabaseUrl(text: string): string {
  if (!/^postgres(ql)?:\/\//.test(text)) {
    throw new OptionError("must be a postgres:// URL; leave it out for the embedded SQLite database");
  }
  if (text.includes("#")) throw unescaped("#");
  const { authority = "", path = "" } = PARTS.exec(text)?.groups ?? {};
  if (authority.split("@").length > 2) throw unescaped("@");
  if (path.includes("@")) throw unescaped("/");
  if (!authority.includes("@") && isUserInfoInQuery(text)) throw unescaped("?");
  if (!isPercentEncoded(authority + path)) throw unescaped("%");
  if (URL.parse(text) === null) {
    throw new OptionError(
      "must be a postgres:// URL with a host and a numeric port; encode reserved characters of user and password, such as / as %2F",
    );
  }
  return text;
}

/** Whether each `%` begins a valid percent-encoding. */
export function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** No connection parameter has both characters, in this order, unencoded: `user:pass?word@host`. */
function isUserInfoInQuery(text: string): boolean {
  return /\?[^=&]*@/.test(text);
}

function unescaped(character: string): OptionError {
  const code = `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return new OptionError(`must have each ${character} in user, password and name encoded as ${code}`);
}
