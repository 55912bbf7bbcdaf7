import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { classNames } from "./class-names.ts";
import { Input } from "./input.tsx";

type SecretInputProps = ComponentProps<"input"> & {
  /** Reveals the value, for a generated one that must be copied. */
  revealed?: boolean;
  /** A change of this value hides a revealed value again, after a form reset. A `key` would lose the focus. */
  resetKey?: number | string | null;
};

/** A password field that can reveal its value. Uncontrolled, so that the value never appears in an attribute. */
export function SecretInput({ revealed = false, resetKey = null, className, ...props }: SecretInputProps) {
  const [isShown, setIsShown] = useState(revealed);
  const [before, setBefore] = useState({ revealed, resetKey });
  if (revealed !== before.revealed || resetKey !== before.resetKey) {
    setBefore({ revealed, resetKey });
    setIsShown(revealed);
  }
  const Icon = isShown ? EyeOff : Eye;
  return (
    <div className="relative">
      <Input
        autoComplete="new-password"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        data-1p-ignore=""
        {...props}
        type={isShown ? "text" : "password"}
        className={classNames("pr-12 md:pr-10", isShown && "font-mono", className)}
      />
      <button
        type="button"
        aria-label={isShown ? "Hide what was typed" : "Show what was typed"}
        onClick={() => setIsShown(!isShown)}
        className="absolute inset-y-0 right-0 flex w-11 items-center justify-center rounded-control text-muted hover:text-fg focus-visible:-outline-offset-2 md:w-9"
      >
        <Icon aria-hidden className="size-4" />
      </button>
    </div>
  );
}
