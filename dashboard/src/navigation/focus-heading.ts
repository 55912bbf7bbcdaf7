import { whenFocusIsLost } from "./when-focus-is-lost.ts";

/** Focuses the page's heading, or the field that the page wants focused first. */
export function focusHeading(): void {
  const start =
    document.querySelector<HTMLElement>("[data-start-here]") ?? document.querySelector<HTMLElement>("h1");
  start?.focus();
}

/** Focuses the page's heading in any case, for a form that disappears. */
export function focusTitle(): void {
  document.querySelector<HTMLElement>("h1")?.focus();
}

/** For a popup that closes: focuses the heading if the opener is gone, so that the focus is never lost to the body. */
export function restoreFocus(): void {
  whenFocusIsLost(focusHeading);
}

/**
 * Creates a ref for a button that disappears when it has done its work. If it has the focus then, `move` moves the
 * focus on.
 */
export function leaveFocusTo(move: () => void) {
  return (button: HTMLElement | null) => () => {
    if (document.activeElement === button) whenFocusIsLost(move);
  };
}

/** A ref for such a button anywhere on the page: the heading takes the focus, without scrolling to it. */
export const leaveFocusToTitle = leaveFocusTo(() => {
  document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
});
