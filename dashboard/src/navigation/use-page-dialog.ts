import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useState } from "react";

/** Dialogs and forms that the palette can open on another page. */
export type PageDialog = "create-key" | "send-event" | "connect" | "replay";

declare module "@tanstack/react-router" {
  interface HistoryState {
    opens?: PageDialog;
  }
}

/**
 * Whether a page's dialog or form is open, by its own button or by a link that opens it. The latter is history state,
 * so that a reload opens it again and going back does not.
 */
export function usePageDialog(what: PageDialog): {
  readonly isOpen: boolean;
  readonly open: () => void;
  readonly close: () => void;
} {
  const navigate = useNavigate();
  const [isPressed, setIsPressed] = useState(false);
  const isLinked = useRouterState({ select: ({ location }) => location.state.opens === what });
  const close = () => {
    setIsPressed(false);
    if (isLinked) void navigate({ to: ".", search: true, replace: true, resetScroll: false, state: {} });
  };
  return { isOpen: isPressed || isLinked, open: () => setIsPressed(true), close };
}
