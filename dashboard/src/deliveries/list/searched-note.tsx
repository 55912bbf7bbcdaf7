import type { Searched } from "../../api/types.ts";
import { searchedTime } from "../../text/time-ago.ts";
import { useTimeZone } from "../../ui/time-zone.ts";

/** How far the server has looked: what it did not look at may match too. */
export function SearchedNote({ searched }: { searched: Searched }) {
  const zone = useTimeZone();
  if (searched.complete || searched.until === null) return null;
  return (
    <p role="status" className="mt-3 text-table text-muted">
      Searched back to <time dateTime={searched.until}>{searchedTime(new Date(searched.until), zone)}</time>.
    </p>
  );
}
