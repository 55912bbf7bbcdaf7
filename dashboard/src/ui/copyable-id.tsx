import { CopyButton } from "./copy-button.tsx";

/** An id in full, and a button that copies it. */
export function CopyableId({ id, what }: { id: string; what: string }) {
  return (
    <span className="flex flex-wrap items-center gap-x-1">
      <span className="font-mono text-badge [overflow-wrap:anywhere]">{id}</span>
      <CopyButton text={() => id} what={what} isCompact />
    </span>
  );
}
