import { LoaderCircle } from "lucide-react";
import { type ComponentProps, type MouseEvent, useId, useState } from "react";
import { type ButtonVariant, buttonStyle } from "./button-style.ts";
import type { Preloadable } from "./lazy-part.tsx";
import { Tooltip } from "./tooltip.tsx";

type ButtonProps = ComponentProps<"button"> & {
  variant?: ButtonVariant;
  /**
   * Why the button is disabled; null while it is enabled. A disabled button remains focusable, so that the reason is
   * available to keyboard, touch and screen readers.
   */
  disabledReason?: string | null | undefined;
  busy?: boolean;
  /** The part that the button opens, preloaded on hover or focus. */
  opens?: Preloadable;
};

export function Button({
  variant,
  disabledReason,
  busy = false,
  opens,
  className,
  children,
  ...props
}: ButtonProps) {
  const reasonId = useId();
  const [showsReason, setShowsReason] = useState(false);
  const isBlocked = busy || Boolean(disabledReason);

  const onClick = (event: MouseEvent<HTMLButtonElement>) => {
    if (!isBlocked) return props.onClick?.(event);
    event.preventDefault(); // neither submits a form nor closes the tooltip
    setShowsReason(true);
  };
  const button = (
    <button
      type="button"
      {...(opens && !isBlocked && { onPointerEnter: opens.preload, onFocus: opens.preload })}
      {...props}
      className={buttonStyle(variant, className)}
      aria-disabled={isBlocked || undefined}
      aria-describedby={disabledReason ? reasonId : props["aria-describedby"]}
      onClick={onClick}
    >
      {busy && <LoaderCircle aria-hidden className="size-4 animate-spin motion-reduce:hidden" />}
      {children}
    </button>
  );
  if (disabledReason === undefined) return button;
  // The same elements with and without a reason; otherwise the button would remount and lose focus.
  return (
    <>
      <Tooltip
        text={disabledReason ?? ""}
        open={showsReason && disabledReason !== null}
        onOpenChange={setShowsReason}
      >
        {button}
      </Tooltip>
      <span id={reasonId} hidden>
        {disabledReason}
      </span>
    </>
  );
}
