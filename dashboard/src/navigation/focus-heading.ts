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
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) focusHeading();
  });
}
