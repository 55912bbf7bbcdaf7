/** A URL with or without its scheme: group 1 is its host. */
const URL_IN_TEXT = /(?:https?:\/\/)(?:[^\s/@]*@)?([^\s/:?#]*)\S*|((?:[\w-]+\.)+[a-z]{2,})(?::\d+)?[/?#]\S*/i;

/**
 * What was typed, as it may be sent and kept: a webhook URL is a credential, so of one only the host is left. Its host is
 * also what finds the connection. An address of this dashboard stays, for the id in it.
 */
export function searchable(typed: string, ownOrigin: string): string {
  if (typed.trim().startsWith(`${ownOrigin}/`)) return typed;
  const found = URL_IN_TEXT.exec(typed);
  return found === null ? typed : (found[1] ?? found[2] ?? "");
}
