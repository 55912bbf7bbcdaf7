import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, dataOf } from "../api/client.ts";
import type { RowsPage } from "../api/read-rows.ts";
import { eventTypeOptions, isEventTypePattern, type SeenType } from "./event-type-options.ts";
import { Picker } from "./picker.tsx";

const STALE_MS = 60_000;
const PAGE_ROWS = 100;
/** No one scrolls further; any other type can be typed. */
const PAGES_MAX = 5;

type EventTypePickerProps = {
  values: readonly string[];
  onChange: (types: string[]) => void;
  /** The number of deliveries or events per type, for the current filter. */
  counts?: ReadonlyMap<string, number> | undefined;
  label?: string;
  allWord?: string;
  id?: string;
};

/** Event types seen so far, latest first. */
const seenTypesQuery = queryOptions({
  queryKey: ["event-types"],
  queryFn: async () => {
    const types: SeenType[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const query = { limit: PAGE_ROWS, ...(cursor !== null && { cursor }) };
      const page: RowsPage<SeenType> = await dataOf(api.GET("/api/event-types", { params: { query } }));
      types.push(...page.data);
      cursor = page.next_cursor;
      if (cursor === null) break;
    }
    return types;
  },
  staleTime: STALE_MS,
});

/** Selects event types and patterns: those seen are offered, and any other can be typed. */
export function EventTypePicker(props: EventTypePickerProps) {
  const { values, onChange, counts, label = "Event type", allWord = "All event types", id } = props;
  const [text, setText] = useState("");
  const [wasOpened, setWasOpened] = useState(false);
  const seen = useQuery({ ...seenTypesQuery, enabled: wasOpened });
  const options = eventTypeOptions(seen.data ?? [], text, counts);
  return (
    <Picker
      label={label}
      allWord={allWord}
      values={values}
      onChange={onChange}
      text={text}
      onText={setText}
      options={options}
      note={noteFor(text, options.length, seen)}
      onOpen={() => setWasOpened(true)}
      {...(id !== undefined && { id })}
    />
  );
}

function noteFor(text: string, options: number, seen: { error: unknown; isLoading: boolean }): string | null {
  if (seen.error) return "The types seen could not be loaded. You can still type one.";
  if (seen.isLoading) return "Loading …";
  if (text.trim() !== "" && !isEventTypePattern(text.trim()) && options === 0) {
    return "A type has letters, digits, _ and -, with dots between words: order.paid, order.*";
  }
  if (options === 0) return "No event types seen yet. Type one, or a pattern such as order.*";
  return text === "" ? "Type a pattern such as order.* to match several types." : null;
}
