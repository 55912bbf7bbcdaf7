/** Whether an explanation's action ends in giving the connection another URL. */
export function replacesUrl(actionCode: string): boolean {
  return actionCode === "replace_url" || actionCode === "use_final_url";
}
