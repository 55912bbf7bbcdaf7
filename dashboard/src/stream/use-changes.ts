import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { sessionQuery } from "../session/session-query.ts";
import { type Change, type StreamState, watchChanges } from "./watch-changes.ts";

type ChangesOptions = {
  /** The scope to follow: `{}` for the whole workspace, null for none. */
  query: Readonly<Record<string, string>> | null;
  onChange: (change: Change) => void;
  onGap: () => void;
};

/** Subscribes to changes while the component is mounted, and returns the stream's state. */
export function useChanges({ query, onChange, onGap }: ChangesOptions): StreamState {
  const [state, setState] = useState<StreamState>("off");
  const whenChanged = useEffectEvent(onChange);
  const whenGap = useEffectEvent(onGap);
  const queryClient = useQueryClient();
  // If the session has ended, this leads to the sign-in page.
  const checkSession = useEffectEvent(() => {
    queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 }).catch(() => undefined);
  });
  const key = query === null ? null : JSON.stringify(query);
  useEffect(() => {
    if (key === null) return setState("off");
    return watchChanges(JSON.parse(key) as Record<string, string>, {
      onChange: (change) => whenChanged(change),
      onGap: () => whenGap(),
      onState: setState,
      onRefused: () => checkSession(),
    });
  }, [key]);
  return state;
}
