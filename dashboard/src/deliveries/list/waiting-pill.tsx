import { ArrowUp } from "lucide-react";
import { count } from "../../text/count.ts";

type WaitingPillProps = {
  waiting: number;
  isOverflown: boolean;
  onShow: () => void;
  /** The noun for what waits, read out by screen readers. */
  what?: string;
};

/** Shows how many new rows wait. The pill overlays the top of the list, so its appearance moves nothing. */
export function WaitingPill({ waiting, isOverflown, onShow, what = "deliveries" }: WaitingPillProps) {
  return (
    <div className="pointer-events-none sticky top-16 z-10 flex h-0 justify-center lg:top-3">
      <p role="status" className="sr-only">
        {waiting > 0 && `New ${what} wait above the list.`}
      </p>
      {waiting > 0 && (
        <button
          type="button"
          onClick={onShow}
          className="pointer-events-auto flex h-11 -translate-y-1 items-center gap-1 rounded-full bg-accent px-4 text-table font-medium text-accent-on shadow-popup hover:opacity-90 md:h-7 md:translate-y-1 md:px-3"
        >
          <ArrowUp aria-hidden className="size-3.5" />
          {count(waiting)}
          {isOverflown && "+"} new
        </button>
      )}
    </div>
  );
}
