import type { Searched } from "../../api/types.ts";
import { searchedTime } from "../../text/time-ago.ts";
import { useTimeZone } from "../../ui/time-zone.ts";

type SearchedNoteProps = {
  searched: Searched;
  /** Whether only the deliveries searched so far are sorted. */
  isSorted?: boolean;
};

/** How far back the server has searched: older deliveries may match too. */
export function SearchedNote({ searched, isSorted = false }: SearchedNoteProps) {
  const zone = useTimeZone();
  if (searched.complete || searched.until === null) return null;
  return (
    <p role="status" className="mt-3 text-table text-muted">
      <span>{isSorted ? "Sorted among the newest deliveries, back to" : "Searched back to"}</span>{" "}
      <time dateTime={searched.until}>{searchedTime(new Date(searched.until), zone)}</time>
      <span>{isSorted ? ". Narrow the filters to include older ones." : "."}</span>
    </p>
  );
}
