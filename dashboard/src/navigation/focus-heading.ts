import { whenFocusIsLost } from "./when-focus-is-lost.ts";

/** Puts focus on the page's heading, or on the field a page asks to start at. */
export function focusHeading(): void {
  const start =
    document.querySelector<HTMLElement>("[data-start-here]") ?? document.querySelector<HTMLElement>("h1");
  start?.focus();
}

/** Puts focus on the page's heading, whatever the page asks to start at: for a form that goes away. */
export function focusTitle(): void {
  document.querySelector<HTMLElement>("h1")?.focus();
}

/** For a popup that closes: when what opened it is gone, the heading takes focus, so that it never falls to body. */
export function restoreFocus(): void {
  whenFocusIsLost(focusHeading);
}

/** Makes a ref for a button that goes away when it has worked: `move` takes the focus on, if the button has it then. */
export function leaveFocusTo(move: () => void) {
  return (button: HTMLElement | null) => () => {
    if (document.activeElement === button) whenFocusIsLost(move);
  };
}

/**
 * A ref for a button that goes away when it has worked, wherever on the page: the title takes the focus then, and the
 * page is not scrolled to it.
 */
export const leaveFocusToTitle = leaveFocusTo(() => {
  document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
});
