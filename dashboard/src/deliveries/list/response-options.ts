import type { PickerOption } from "../../filters/picker.tsx";
import { type DeliveryFilter, joinStatuses, RESPONSE_OPTIONS, readList } from "../delivery-filter.ts";

/** Response classes, the statuses seen, and the one typed. */
export function responseOptions(
  counts: ReadonlyMap<string, number> | undefined,
  typed: string,
): PickerOption[] {
  const text = typed.trim().toLowerCase();
  const classes = RESPONSE_OPTIONS.map(({ value, label }): PickerOption => ({ value, label }));
  const seen = [...(counts ?? [])]
    .filter(([value]) => joinStatuses([value]) !== undefined)
    .map(([value, count]): PickerOption => ({ value, label: value, count }));
  const matching = [...classes, ...seen].filter(({ label }) => label.toLowerCase().includes(text));
  const isNew = joinStatuses([text]) !== undefined && !matching.some(({ value }) => value === text);
  return isNew ? [{ value: text, label: text, note: "This status exactly" }, ...matching] : matching;
}

export function chosenResponses({ response, response_status }: DeliveryFilter): string[] {
  return response === undefined ? readList(response_status) : [response];
}

/** A class or exact statuses, never both: together they would match only their overlap. The kind chosen last wins. */
export function responseFilter(
  values: readonly string[],
): Pick<DeliveryFilter, "response" | "response_status"> {
  const last = values.at(-1);
  const response = RESPONSE_OPTIONS.find(({ value }) => value === last)?.value;
  return response === undefined
    ? { response: undefined, response_status: joinStatuses(values) }
    : { response, response_status: undefined };
}
