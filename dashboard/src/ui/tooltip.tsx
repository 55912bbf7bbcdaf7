import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";

type TooltipProps = {
  text: string;
  children: ReactNode;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

/** A short text beside a control while it has pointer or focus. What it says must be reachable without it too. */
export function Tooltip({ text, children, open, onOpenChange }: TooltipProps) {
  return (
    <Radix.Provider delayDuration={200}>
      <Radix.Root open={open} onOpenChange={onOpenChange}>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            sideOffset={6}
            collisionPadding={12}
            className="z-50 max-w-72 animate-appear rounded-control border border-line bg-surface px-3 py-2 text-table text-fg shadow-popup"
          >
            {text}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
