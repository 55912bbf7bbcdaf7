import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, dataOf } from "../api/client.ts";
import type { RowsPage } from "../api/read-rows.ts";
import type { ApiKey } from "../api/types.ts";
import { Picker } from "../filters/picker.tsx";
import { keyOptions } from "./key-options.ts";

const STALE_MS = 60_000;
const PAGE_ROWS = 100;
/** The number of keys loaded. The id of an older key can be pasted. */
const PAGES_MAX = 5;

/** The keys that can have created connections, newest first. */
const creatingKeysQuery = queryOptions({
  queryKey: ["api-keys", "creating"],
  queryFn: async () => {
    const keys: ApiKey[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const query = { limit: PAGE_ROWS, ...(cursor !== null && { cursor }) };
      const page: RowsPage<ApiKey> = await dataOf(api.GET("/api/api-keys", { params: { query } }));
      keys.push(...page.data);
      cursor = page.next_cursor;
      if (cursor === null) break;
    }
    return keys;
  },
  staleTime: STALE_MS,
});

type KeyPickerProps = { value: string | undefined; onChange: (id: string | undefined) => void };

/** Selects the API key that created the connections. */
export function KeyPicker({ value, onChange }: KeyPickerProps) {
  const [text, setText] = useState("");
  const [wasOpened, setWasOpened] = useState(false);
  const read = useQuery({ ...creatingKeysQuery, enabled: wasOpened || value !== undefined });
  const known = keyOptions(read.data ?? [], "");
  const options = keyOptions(read.data ?? [], text);
  return (
    <Picker
      label="Created by key"
      allWord="All creators"
      values={value === undefined ? [] : [value]}
      onChange={(ids) => onChange(ids.at(-1))}
      text={text}
      onText={setText}
      options={options}
      labelOf={(id) => known.find((option) => option.value === id)?.label ?? "One key"}
      note={noteFor(read, options.length)}
      onOpen={() => setWasOpened(true)}
    />
  );
}

function noteFor(read: { error: unknown; data?: unknown }, options: number): string | null {
  if (read.error) return "API keys could not be loaded. You can still paste an ID.";
  if (read.data === undefined) return "Loading …";
  return options === 0 ? "No API keys match." : null;
}
