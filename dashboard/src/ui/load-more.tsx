import { useMemo, useRef } from "react";
import { focusTitle, leaveFocusTo } from "../navigation/focus-heading.ts";
import { Button } from "./button.tsx";
import type { ButtonVariant } from "./button-style.ts";
import { loadNextPage, type PageLoader } from "./load-next-page.ts";
import { LoadProblem } from "./load-problem.tsx";

/** The parts of an infinite query that `LoadMore` needs. */
export type PagedList = PageLoader & {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isFetchNextPageError: boolean;
  readonly error: unknown;
};

type LoadMoreProps = {
  list: PagedList;
  /** The button's text. */
  words: string;
  /** The noun for the error message when loading fails. */
  what: string;
  variant?: ButtonVariant;
  className?: string;
};

/** Loads the next page of the list directly above, and shows an error if that fails. */
export function LoadMore({ list, words, what, variant, className = "mt-3" }: LoadMoreProps) {
  const place = useRef<HTMLDivElement>(null);
  const lastRow = useRef<Element | null>(null);
  const button = useMemo(() => leaveFocusTo(() => moveFocusOn(place.current, lastRow.current)), []);
  const isRefused = list.isFetchNextPageError && !list.isFetchingNextPage;
  const load = () => {
    lastRow.current = lastRowAbove(place.current);
    void loadNextPage(list);
  };

  return (
    <div ref={place} className={list.hasNextPage ? className : undefined}>
      {list.hasNextPage && isRefused && (
        <LoadProblem what={what} error={list.error} onRetry={load} retryRef={button} />
      )}
      {list.hasNextPage && !isRefused && (
        <Button ref={button} {...(variant && { variant })} busy={list.isFetchingNextPage} onClick={load}>
          {words}
        </Button>
      )}
    </div>
  );
}

/** Focuses the button that replaced the clicked one, otherwise the first new row, otherwise the heading. */
function moveFocusOn(place: HTMLElement | null, lastRow: Element | null): void {
  const button = place?.querySelector("button");
  const row = lastRow?.nextElementSibling;
  if (button) button.focus();
  else if (row instanceof HTMLElement && row.isConnected) focusRow(row);
  else focusTitle();
}

function lastRowAbove(place: HTMLElement | null): Element | null {
  return [...(place?.previousElementSibling?.querySelectorAll("ul > li, tbody > tr") ?? [])].at(-1) ?? null;
}

function focusRow(row: HTMLElement): void {
  const inside = row.matches("[data-row]") ? row : row.querySelector<HTMLElement>("[data-row], a, button");
  if (inside === null) row.tabIndex = -1;
  (inside ?? row).focus();
}
