/** A URL with or without a scheme. Group 1 or 2 is its host. */
const URL_IN_TEXT = /(?:https?:\/\/)(?:[^\s/@]*@)?([^\s/:?#]*)\S*|((?:[\w-]+\.)+[a-z]{2,})(?::\d+)?[/?#]\S*/i;

/**
 * The typed text in a form that can be sent and kept. A webhook URL is a credential, so only its host remains, which
 * also finds the connection. A URL of this dashboard remains unchanged, for the id in it.
 */
export function searchable(typed: string, ownOrigin: string): string {
  if (typed.trim().startsWith(`${ownOrigin}/`)) return typed;
  const found = URL_IN_TEXT.exec(typed);
  return found === null ? typed : (found[1] ?? found[2] ?? "");
}
