import { readList } from "../deliveries/delivery-filter.ts";
import { useConnectionNames } from "./connection-picker.tsx";

const NAMED_MAX = 3;

type ConnectionNamesProps = {
  /** The filter's value: one id or several. */
  filter: unknown;
  /** A text with the names; null if the filter names no connection. */
  children: (names: string | null) => string;
};

/** The names of a filter's connections: "Zapier", "Zapier, Make and 3 more". */
export function ConnectionNames({ filter, children }: ConnectionNamesProps) {
  const ids = readList(filter);
  const named = ids.slice(0, NAMED_MAX);
  const nameOf = useConnectionNames(named);
  const names = named.map(nameOf).join(", ");
  const more = ids.length - named.length;
  return <span>{children(ids.length === 0 ? null : more > 0 ? `${names} and ${more} more` : names)}</span>;
}
