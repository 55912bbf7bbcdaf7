let pendingMove: (() => void) | null = null;

/**
 * For when the focused element is about to disappear. By the next frame its replacement is rendered; then `move` runs,
 * unless something else has the focus. Of several calls before that frame only the last one runs, because the targets
 * of the others may be gone again.
 */
export function whenFocusIsLost(move: () => void): void {
  if (pendingMove === null) requestAnimationFrame(moveFocus);
  pendingMove = move;
}

function moveFocus(): void {
  const move = pendingMove;
  pendingMove = null;
  if (document.activeElement === document.body) move?.();
}
