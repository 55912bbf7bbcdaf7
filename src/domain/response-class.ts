/** The last response to a delivery: a class of HTTP statuses, or none at all. */
export const RESPONSE_CLASSES = ["2xx", "3xx", "4xx", "5xx", "none"] as const;
export type ResponseClass = (typeof RESPONSE_CLASSES)[number];

/** The first status of a class and the first after it; null for `none`. */
export function statusRange(
  response: ResponseClass,
): { readonly from: number; readonly before: number } | null {
  if (response === "none") return null;
  const from = Number(response[0]) * 100;
  return { from, before: from + 100 };
}
