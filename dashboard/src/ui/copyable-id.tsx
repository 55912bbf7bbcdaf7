import { CopyButton } from "./copy-button.tsx";

/** A full id with a button that copies it. */
export function CopyableId({ id, what }: { id: string; what: string }) {
  return (
    <span className="flex flex-wrap items-center gap-x-1">
      <span className="font-mono text-badge [overflow-wrap:anywhere]">{id}</span>
      <CopyButton text={() => id} what={what} isCompact />
    </span>
  );
}
