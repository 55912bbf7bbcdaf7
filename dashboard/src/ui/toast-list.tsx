import { X } from "lucide-react";
import { Toast as Radix } from "radix-ui";

export type Message = { readonly id: number; readonly text: string };

const SHOWN_MS = 6_000;

type ToastListProps = { messages: readonly Message[]; onGone: (id: number) => void };

export function ToastList({ messages, onGone }: ToastListProps) {
  return (
    <Radix.Provider duration={SHOWN_MS} label="Notification">
      {messages.map(({ id, text }) => (
        <Radix.Root
          key={id}
          onOpenChange={(open) => !open && onGone(id)}
          className="flex animate-appear items-center gap-2 rounded-card border border-line bg-surface py-1 pr-1 pl-4 shadow-popup"
        >
          <Radix.Description className="min-w-0 flex-1 [overflow-wrap:anywhere]">{text}</Radix.Description>
          <Radix.Close
            aria-label="Dismiss"
            className="flex size-11 items-center justify-center rounded-control text-muted hover:bg-sunken md:size-9"
          >
            <X aria-hidden className="size-4" />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport
        label="Notifications ({hotkey})"
        className="fixed right-4 bottom-4 z-50 flex w-[calc(100vw-2rem)] max-w-96 flex-col gap-2"
      />
    </Radix.Provider>
  );
}
