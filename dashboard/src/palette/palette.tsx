import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Command } from "cmdk";
import { useDeferredValue, useState } from "react";
import { startTestRun } from "../connections/test-run.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { useSignOut } from "../session/use-sign-out.ts";
import { PAGES } from "../shell/navigation.tsx";
import { closePopup, switchPopup } from "../shell/popup.ts";
import { otherTheme, setTheme } from "../theme/theme.ts";
import { Dialog } from "../ui/dialog.tsx";
import { type Action, actionsFor, isMeant, testAction } from "./actions.ts";
import { type Place, searchPlaces } from "./search-places.ts";

const ITEM =
  "flex min-h-11 cursor-default items-center gap-2 rounded-control px-2 py-1 select-none data-[selected=true]:bg-sunken md:min-h-9";

/** Goes to a page, a connection, or whatever a pasted id is of, and does what pages do from anywhere. */
export function Palette() {
  const router = useRouter();
  const readOnlyReason = useReadOnlyReason();
  const carryOut = useCarryOut();
  const [text, setText] = useState("");
  const [pointed, setPointed] = useState("");
  const wanted = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: ["palette", wanted],
    queryFn: ({ signal }) => searchPlaces(wanted, signal),
    enabled: wanted !== "",
  });
  const pages = PAGES.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
  const known = wanted === "" ? [] : (found.data ?? []);
  const places: Place[] = [
    ...pages.map(({ name, to }) => ({ title: name, path: to, kind: "page" })),
    ...known,
  ];
  const actions = [
    ...actionsFor(readOnlyReason, otherTheme()).filter(({ title }) => isMeant(title, wanted)),
    ...known.flatMap(({ connection }) => (connection ? [testAction(connection, readOnlyReason)] : [])),
  ];
  // Enter takes the first result, also when it arrives after the typing.
  const keys = [
    ...places.map(keyOfPlace),
    ...actions.filter(({ blocked }) => blocked === null).map(({ title }) => title),
  ];
  const chosen = keys.includes(pointed) ? pointed : (keys[0] ?? "");
  const go = (path: string) => {
    closePopup(true);
    router.history.push(path);
  };
  const count = places.length + actions.length;
  return (
    <Dialog
      open
      onOpenChange={() => closePopup()}
      givesFocusBack={false}
      changesHeight
      title="Search"
      description="Pages, actions, connections by name or host, and any id."
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
          {found.error ? "The server could not be searched." : wordsFor(count, found.isFetching)}
        </p>
        <Command.List label="Results">
          {places.map((place) => (
            <Command.Item
              key={keyOfPlace(place)}
              value={keyOfPlace(place)}
              onSelect={() => go(place.path)}
              className={ITEM}
            >
              <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{place.title}</span>
              <span className="text-badge text-muted">{place.kind}</span>
            </Command.Item>
          ))}
          {actions.map((action) => (
            <Command.Item
              key={action.title}
              value={action.title}
              disabled={action.blocked !== null}
              onSelect={() => carryOut(action)}
              className={ITEM}
            >
              <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
                {action.title}
                {action.blocked && <span className="block text-badge text-muted">{action.blocked}</span>}
              </span>
              <span className="text-badge text-muted">action</span>
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}

const keyOfPlace = ({ kind, path }: Place) => `${kind} ${path}`;

function wordsFor(count: number, isFetching: boolean): string {
  if (count === 0) return isFetching ? "Searching …" : "Nothing found.";
  return count === 1 ? "1 result" : `${count} results`;
}

/** Does it, and leaves focus where it belongs then: on the page it leads to, or where it was before. */
function useCarryOut(): (action: Action) => void {
  const router = useRouter();
  const queryClient = useQueryClient();
  const signOut = useSignOut();
  return ({ does }) => {
    if (does === "shortcuts") return switchPopup("help");
    if (does === "theme") {
      setTheme(otherTheme());
      return closePopup();
    }
    closePopup(true);
    if (does === "sign-out") void signOut();
    else if ("test" in does) {
      void startTestRun(queryClient, does.test);
      void router.navigate({ to: "/integrations/connections/$id", params: { id: does.test } });
    } else void router.navigate({ to: does.on, state: { opens: does.opens } });
  };
}
