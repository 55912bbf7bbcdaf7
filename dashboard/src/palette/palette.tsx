import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Command } from "cmdk";
import { useDeferredValue, useState } from "react";
import { api, dataOf } from "../api/client.ts";
import { PAGES } from "../shell/navigation.tsx";
import { closePopup } from "../shell/popup.ts";
import { Dialog } from "../ui/dialog.tsx";
import { uuidIn } from "./uuid-in.ts";

const ROWS = 8;
/** So long the typing must rest before the server is asked. */
const REST_MS = 120;
const ITEM =
  "flex min-h-11 cursor-default items-center gap-2 rounded-control px-2 select-none data-[selected=true]:bg-sunken md:min-h-9";

type Place = { readonly title: string; readonly path: string; readonly kind: string };

/** Goes to a page, a connection, or whatever a pasted id is of. */
export function Palette() {
  const router = useRouter();
  const [text, setText] = useState("");
  const [pointed, setPointed] = useState("");
  const wanted = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: ["palette", wanted],
    queryFn: ({ signal }) => find(wanted, signal),
    enabled: wanted !== "",
  });
  const pages = PAGES.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
  const places: Place[] = [
    ...pages.map(({ name, to }) => ({ title: name, path: to, kind: "page" })),
    ...(wanted === "" ? [] : (found.data ?? [])),
  ];
  // Enter opens the first result, also when it arrives after the typing.
  const keys = places.map(({ kind, path }) => kind + path);
  const chosen = keys.includes(pointed) ? pointed : (keys[0] ?? "");
  const go = (path: string) => {
    closePopup(true);
    router.history.push(path);
  };
  return (
    <Dialog
      open
      onOpenChange={() => closePopup()}
      title="Search"
      description="Pages, connections by name or host, and any id."
    >
      <Command label="Search" shouldFilter={false} value={chosen} onValueChange={setPointed} className="mt-4">
        <Command.Input
          autoFocus
          value={text}
          onValueChange={setText}
          maxLength={200}
          placeholder="Type a name or paste an id"
          className="h-11 w-full rounded-control border border-control bg-surface px-3 text-card md:text-body"
        />
        <p role="status" className="my-2 text-table text-muted">
          {found.error ? "The server could not be searched." : wordsFor(places.length, found.isFetching)}
        </p>
        <Command.List label="Results">
          {places.map(({ title, path, kind }) => (
            <Command.Item key={kind + path} value={kind + path} onSelect={() => go(path)} className={ITEM}>
              <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{title}</span>
              <span className="text-badge text-muted">{kind}</span>
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}

function wordsFor(count: number, isFetching: boolean): string {
  if (count === 0) return isFetching ? "Searching …" : "Nothing found.";
  return count === 1 ? "1 result" : `${count} results`;
}

async function find(text: string, signal: AbortSignal): Promise<Place[]> {
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  signal.throwIfAborted();
  const id = uuidIn(text);
  if (id !== null) {
    const { data } = await dataOf(api.GET("/api/lookup/{id}", { params: { path: { id } }, signal }));
    return data.map(({ title, path, type }) => ({ title, path, kind: type.replace("_", " ") }));
  }
  const query = { q: text.slice(0, 100), limit: ROWS };
  const { data } = await dataOf(api.GET("/api/integrations/connections", { params: { query }, signal }));
  return data.map((one) => ({
    title: one.name,
    path: `/integrations/connections/${one.id}`,
    kind: "connection",
  }));
}
