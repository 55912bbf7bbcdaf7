import { useEffect, useLayoutEffect, useRef } from "react";
import { focusTitle } from "../navigation/focus-heading.ts";
import { Button } from "./button.tsx";
import type { ButtonVariant } from "./button-style.ts";
import { LoadProblem } from "./load-problem.tsx";

/** What it needs of a list that is read page by page. */
export type PagedList = {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isFetchNextPageError: boolean;
  readonly error: unknown;
  readonly fetchNextPage: () => Promise<unknown>;
};

type LoadMoreProps = {
  list: PagedList;
  /** What the button says. */
  words: string;
  /** What comes, for when it cannot be loaded. */
  what: string;
  variant?: ButtonVariant;
  className?: string;
};

/** Asks for the next page of the list right above it, and says why it did not come. */
export function LoadMore({ list, words, what, variant, className = "mt-3" }: LoadMoreProps) {
  const place = useRef<HTMLDivElement>(null);
  const lastRow = useRef<Element | null | undefined>(undefined);
  const isRefused = list.isFetchNextPageError && !list.isFetchingNextPage;
  const load = () => {
    lastRow.current = lastRowAbove(place.current);
    void list.fetchNextPage();
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was pressed goes away when one of these changes
  useLayoutEffect(() => keepFocus(place.current, lastRow.current), [isRefused, list.hasNextPage]);
  useEffect(() => () => keepFocus(null, lastRow.current), []);

  return (
    <div ref={place} className={list.hasNextPage ? className : undefined}>
      {list.hasNextPage && isRefused && <LoadProblem what={what} error={list.error} onRetry={load} />}
      {list.hasNextPage && !isRefused && (
        <Button {...(variant && { variant })} busy={list.isFetchingNextPage} onClick={load}>
          {words}
        </Button>
      )}
    </div>
  );
}

/** Undefined `lastRow`: nothing was asked for, so nobody's focus is lost. */
function keepFocus(place: HTMLElement | null, lastRow: Element | null | undefined): void {
  if (lastRow === undefined) return;
  const button = place?.querySelector("button");
  // At once: what was pressed would else leave the focus to the title.
  if (button) {
    if (document.activeElement === document.body) button.focus();
    return;
  }
  // Only then are the rows there.
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    const row = lastRow?.nextElementSibling;
    if (row instanceof HTMLElement) focusRow(row);
    else focusTitle();
  });
}

function lastRowAbove(place: HTMLElement | null): Element | null {
  return [...(place?.previousElementSibling?.querySelectorAll("ul > li, tbody > tr") ?? [])].at(-1) ?? null;
}

function focusRow(row: HTMLElement): void {
  const inside = row.matches("[data-row]") ? row : row.querySelector<HTMLElement>("[data-row], a, button");
  if (inside === null) row.tabIndex = -1;
  (inside ?? row).focus();
}
