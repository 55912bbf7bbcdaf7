import { Slot } from "radix-ui";
import { type ReactNode, type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef } from "react";

type TooltipProps = {
  text: string;
  children: ReactNode;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

const OPEN_DELAY_MS = 200;
/** Long enough to move the pointer from the control onto the text, which must remain visible then (WCAG 1.4.13). */
const CLOSE_DELAY_MS = 120;

/** A short text next to a control while it is hovered or focused. The text must be available elsewhere too. */
export function Tooltip({ text, children, open, onOpenChange }: TooltipProps) {
  const anchor = useRef<HTMLElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const soon = (next: boolean) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onOpenChange(next), next ? OPEN_DELAY_MS : CLOSE_DELAY_MS);
  };
  const now = (next: boolean) => {
    clearTimeout(timer.current);
    onOpenChange(next);
  };
  return (
    <>
      <Slot.Root
        ref={anchor}
        onPointerEnter={(event) => event.pointerType === "mouse" && soon(true)}
        onPointerLeave={() => soon(false)}
        onFocus={() => now(true)}
        onBlur={() => now(false)}
      >
        {children}
      </Slot.Root>
      {open && text !== "" && (
        <Bubble
          text={text}
          anchor={anchor}
          onStay={() => clearTimeout(timer.current)}
          onLeave={() => soon(false)}
          onClose={() => now(false)}
        />
      )}
    </>
  );
}

type BubbleProps = {
  text: string;
  anchor: RefObject<HTMLElement | null>;
  onStay: () => void;
  onLeave: () => void;
  onClose: () => void;
};

const GAP_PX = 6;
const EDGE_PX = 12;

/** In the browser's top layer, so that no dialog clips or moves it. */
function Bubble({ text, anchor, onStay, onLeave, onClose }: BubbleProps) {
  const bubble = useRef<HTMLSpanElement>(null);
  const position = () => {
    const element = bubble.current;
    if (element === null || anchor.current === null) return;
    if (!element.matches(":popover-open")) element.showPopover();
    const control = anchor.current.getBoundingClientRect();
    const own = element.getBoundingClientRect();
    const above = control.top - own.height - GAP_PX;
    const left = control.left + (control.width - own.width) / 2;
    const leftMax = document.documentElement.clientWidth - own.width - EDGE_PX;
    element.style.top = `${above >= EDGE_PX ? above : control.bottom + GAP_PX}px`;
    element.style.left = `${Math.max(EDGE_PX, Math.min(left, leftMax))}px`;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text has another size
  useLayoutEffect(position, [anchor, text]);

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation(); // closes only the tooltip, not the dialog or panel below
    onClose();
  });
  // A control that gets focus while out of view is scrolled to afterwards, so the tooltip must follow.
  const onScroll = useEffectEvent(() => position());
  useEffect(() => {
    const keyDown = (event: KeyboardEvent) => onKeyDown(event);
    const scroll = () => onScroll();
    // On the window, because dialogs listen on the document, which comes later.
    addEventListener("keydown", keyDown, true);
    addEventListener("scroll", scroll, true);
    return () => {
      removeEventListener("keydown", keyDown, true);
      removeEventListener("scroll", scroll, true);
    };
  }, []);
  return (
    <span
      ref={bubble}
      popover="manual"
      role="tooltip"
      onPointerEnter={onStay}
      onPointerLeave={onLeave}
      className="inset-auto w-max max-w-72 animate-appear rounded-control border border-line bg-surface px-3 py-2 text-left text-table font-normal whitespace-normal text-fg shadow-popup"
    >
      {text}
    </span>
  );
}
