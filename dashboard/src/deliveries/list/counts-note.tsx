import { searchedTime } from "../../text/time-ago.ts";
import { useTimeZone } from "../../ui/time-zone.ts";
import type { FacetCounts } from "../facets.ts";

/** Says that the counts in the filters are approximate, and which time they cover. */
export function CountsNote({ facets }: { facets: FacetCounts }) {
  const zone = useTimeZone();
  if (facets.isExact) return null;
  return (
    <p className="mb-3 text-table text-muted">
      Counts in the filters are approximate
      {facets.since !== null && ` and cover the time since ${searchedTime(new Date(facets.since), zone)}`}.
    </p>
  );
}
