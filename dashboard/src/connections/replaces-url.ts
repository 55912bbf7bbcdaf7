/** Whether the action that an explanation suggests is to replace the connection's URL. */
export function replacesUrl(actionCode: string): boolean {
  return actionCode === "replace_url" || actionCode === "use_final_url";
}
