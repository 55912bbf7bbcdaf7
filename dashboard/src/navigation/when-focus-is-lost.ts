let wanted: (() => void) | null = null;

/**
 * For when what has the focus is about to go away. By the next frame, what comes in its place is rendered: `move` runs
 * then, unless something took the focus meanwhile. Of several calls before that frame only the last counts: what the
 * others moved the focus to may be gone again.
 */
export function whenFocusIsLost(move: () => void): void {
  if (wanted === null) requestAnimationFrame(moveFocus);
  wanted = move;
}

function moveFocus(): void {
  const move = wanted;
  wanted = null;
  if (document.activeElement === document.body) move?.();
}
