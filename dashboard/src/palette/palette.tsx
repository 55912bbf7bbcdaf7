import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Command } from "cmdk";
import { useDeferredValue, useState } from "react";
import { startTestRun } from "../connections/test-run.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { useSignOut } from "../session/use-sign-out.ts";
import { PAGES } from "../shell/navigation.tsx";
import { closePopup, closePopupHere, switchPopup } from "../shell/popup.ts";
import { otherTheme, setTheme } from "../theme/theme.ts";
import { Dialog } from "../ui/dialog.tsx";
import { type Action, actionsFor, keyOfAction, testAction, titleMatches } from "./actions.ts";
import { type SearchResult, searchServer } from "./search-server.ts";
import { searchable } from "./searchable.ts";

const ITEM =
  "flex min-h-11 cursor-default items-center gap-2 rounded-control px-2 py-1 select-none data-[selected=true]:bg-sunken md:min-h-9";

/** Finds pages, connections and pasted ids, and runs actions from anywhere. */
export function Palette() {
  const router = useRouter();
  const readOnlyReason = useReadOnlyReason();
  const run = useRunAction();
  const [text, setText] = useState("");
  const [highlighted, setHighlighted] = useState("");
  const wanted = useDeferredValue(searchable(text, location.origin).trim());
  const found = useQuery({
    queryKey: ["palette", wanted],
    queryFn: ({ signal }) => searchServer(wanted, signal),
    enabled: wanted !== "",
  });
  const pages = PAGES.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
  const known = wanted === "" ? [] : (found.data ?? []);
  const results: SearchResult[] = [
    ...pages.map(({ name, to }) => ({ title: name, path: to, kind: "page" })),
    ...known,
  ];
  const actions = [
    ...actionsFor(readOnlyReason, otherTheme()).filter(({ title }) => titleMatches(title, wanted)),
    ...known.flatMap(({ connection }) => (connection ? [testAction(connection, readOnlyReason)] : [])),
  ];
  // Enter selects the first result, even one that arrives after the typing.
  const keys = [
    ...results.map(keyOfResult),
    ...actions.filter(({ blocked }) => blocked === null).map(keyOfAction),
  ];
  const chosen = keys.includes(highlighted) ? highlighted : (keys[0] ?? "");
  const leaveFor = useLeaveFor();
  const go = (path: string) => {
    leaveFor(path);
    router.history.push(path);
  };
  const count = results.length + actions.length;
  return (
    <Dialog
      open
      onOpenChange={() => closePopup()}
      returnsFocus={false}
      changesHeight
      title="Search"
      description="Pages, actions, connections by name or host, and any id."
    >
      <Command
        label="Search"
        shouldFilter={false}
        value={chosen}
        onValueChange={setHighlighted}
        className="mt-4"
      >
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
          {results.map((result) => (
            <Command.Item
              key={keyOfResult(result)}
              value={keyOfResult(result)}
              onSelect={() => go(result.path)}
              className={ITEM}
            >
              <Name title={result.title} note={result.note} />
              <span className="text-badge text-muted">{result.kind}</span>
            </Command.Item>
          ))}
          {actions.map((action) => (
            <Command.Item
              key={keyOfAction(action)}
              value={keyOfAction(action)}
              disabled={action.blocked !== null}
              onSelect={() => run(action)}
              className={ITEM}
            >
              <Name title={action.title} note={action.blocked ?? action.note} />
              <span className="text-badge text-muted">action</span>
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}

function Name({ title, note }: { title: string; note: string | undefined }) {
  return (
    <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
      {title}
      {note !== undefined && <span className="block text-badge text-muted">{note}</span>}
    </span>
  );
}

const keyOfResult = ({ kind, path }: SearchResult) => `${kind} ${path}`;

function wordsFor(count: number, isFetching: boolean): string {
  if (count === 0) return isFetching ? "Searching …" : "Nothing found.";
  return count === 1 ? "1 result" : `${count} results`;
}

/** Closes the palette before navigation, so that the focus ends up on the new page. */
function useLeaveFor(): (path: string) => void {
  const router = useRouter();
  return (path) => (path === router.state.location.pathname ? closePopupHere() : closePopup(true));
}

/** Runs an action and leaves the focus on the page it leads to, or where the focus was before. */
function useRunAction(): (action: Action) => void {
  const router = useRouter();
  const queryClient = useQueryClient();
  const signOut = useSignOut();
  const leaveFor = useLeaveFor();
  return ({ effect }) => {
    if (effect === "shortcuts") return switchPopup("help");
    if (effect === "theme") {
      setTheme(otherTheme());
      return closePopup();
    }
    if (effect === "sign-out") {
      closePopup(true);
      void signOut();
    } else if ("test" in effect) {
      leaveFor(`/integrations/connections/${effect.test}`);
      void startTestRun(queryClient, effect.test);
      void router.navigate({ to: "/integrations/connections/$id", params: { id: effect.test } });
    } else {
      closePopup(true);
      void router.navigate({ to: effect.on, state: { opens: effect.opens } });
    }
  };
}
