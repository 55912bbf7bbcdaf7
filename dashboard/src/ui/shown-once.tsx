import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";

type ShownOnceProps = {
  value: string;
  what: string;
  onCopied: () => void;
  onStored: () => void;
  storedLabel?: string;
  children: ReactNode;
};

/** A secret that is shown only once, with a note on where to keep it. */
export function ShownOnce({
  value,
  what,
  onCopied,
  onStored,
  storedLabel = "I have stored it",
  children,
}: ShownOnceProps) {
  const code = useRef<HTMLElement>(null);
  useEffect(() => code.current?.focus(), []);
  return (
    <div className="mt-5 flex flex-col gap-5">
      <div className="flex flex-wrap items-center gap-2">
        <code
          ref={code}
          tabIndex={-1}
          className="min-w-0 flex-1 basis-64 rounded-control bg-sunken p-3 font-mono text-table [overflow-wrap:anywhere] select-all"
        >
          {value}
        </code>
        <CopyButton variant="primary" text={() => value} what={what} onCopied={onCopied} />
      </div>
      <div className="flex flex-wrap items-center justify-end gap-3">
        <p className="flex-1 basis-48 text-table text-muted">{children}</p>
        <Button onClick={onStored}>{storedLabel}</Button>
      </div>
    </div>
  );
}
