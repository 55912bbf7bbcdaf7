import { keepPreviousData, queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { api, dataOf } from "../api/client.ts";
import { connectionQuery } from "../connections/queries.ts";
import { Picker, type PickerOption } from "./picker.tsx";

const OPTIONS_MAX = 20;
const NAMES_STALE_MS = 60_000;
const Q_LENGTH_MAX = 100;
/** How long typing must pause before the server is asked. */
const TYPING_PAUSE_MS = 120;

type ConnectionPickerProps = {
  values: readonly string[];
  onChange: (ids: string[]) => void;
  /** The number of deliveries per connection, for the current filter. */
  counts?: ReadonlyMap<string, number> | undefined;
  label?: string;
  allWord?: string;
  id?: string;
};

/** Connections whose name or receiver contains the text. The server searches, because there can be thousands. */
const matchingConnectionsQuery = (text: string) =>
  queryOptions({
    queryKey: ["connection-options", text],
    queryFn: async ({ signal }) => {
      if (text !== "") await new Promise((resolve) => setTimeout(resolve, TYPING_PAUSE_MS));
      signal.throwIfAborted();
      const query = { limit: OPTIONS_MAX, ...(text !== "" && { q: text }) };
      return dataOf(api.GET("/api/integrations/connections", { params: { query }, signal }));
    },
    staleTime: NAMES_STALE_MS,
    placeholderData: keepPreviousData,
  });

/** Selects connections by name. */
export function ConnectionPicker(props: ConnectionPickerProps) {
  const { values, onChange, counts, label = "Connection", allWord = "All connections", id } = props;
  const [text, setText] = useState("");
  const [wasOpened, setWasOpened] = useState(false);
  const wanted = useDeferredValue(text.trim().slice(0, Q_LENGTH_MAX));
  const found = useQuery({ ...matchingConnectionsQuery(wanted), enabled: wasOpened });
  const nameOf = useConnectionNames(values);
  const options: PickerOption[] = (found.data?.data ?? []).map((connection) => ({
    value: connection.id,
    label: connection.name,
    note: connection.config.webhook.endpoint_preview || undefined,
    count: counts?.get(connection.id),
  }));
  return (
    <Picker
      label={label}
      allWord={allWord}
      values={values}
      onChange={onChange}
      text={text}
      onText={setText}
      options={options}
      labelOf={nameOf}
      note={noteFor(found, options.length)}
      onOpen={() => setWasOpened(true)}
      {...(id !== undefined && { id })}
    />
  );
}

function noteFor(found: { error: unknown; data?: { has_more: boolean } | undefined }, options: number) {
  if (found.error) return "Connections could not be loaded.";
  if (found.data === undefined) return "Loading …";
  if (options === 0) return "No connections match.";
  return found.data.has_more ? "There are more. Type to search." : null;
}

/** The names of the selected connections, which are not always among the search results. */
export function useConnectionNames(ids: readonly string[]): (id: string) => string {
  const reads = useQueries({
    queries: ids.map((id) => ({ ...connectionQuery(id), staleTime: NAMES_STALE_MS, retry: false })),
  });
  return (id) => reads[ids.indexOf(id)]?.data?.connection.name ?? "One connection";
}
