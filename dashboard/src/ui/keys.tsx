/**
 * Keys pressed one after the other or, with a plus, together. Only visual: the control itself names them for screen
 * readers.
 */
export function Keys({ keys }: { keys: string }) {
  return (
    <span aria-hidden className="flex shrink-0 items-center gap-1">
      {keys.split(" ").map((key) => (
        <kbd
          key={key}
          className="min-w-5 rounded-badge border border-line bg-sunken px-1 text-center font-mono text-badge text-muted"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
