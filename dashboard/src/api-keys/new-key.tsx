import { useEffect, useRef } from "react";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";

type NewKeyProps = { value: string; onCopied: () => void; onStored: () => void };

/** The key, shown this one time. */
export function NewKey({ value, onCopied, onStored }: NewKeyProps) {
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
        <CopyButton variant="primary" text={() => value} what="API key" onCopied={onCopied} />
      </div>
      <div className="flex flex-wrap items-center justify-end gap-3">
        <p className="flex-1 basis-48 text-table text-muted">
          Send it as <code className="font-mono">Authorization: Bearer</code> and keep it out of source code.
        </p>
        <Button onClick={onStored}>I have stored it</Button>
      </div>
    </div>
  );
}
