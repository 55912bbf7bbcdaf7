import { Check, Copy } from "lucide-react";
import { useState } from "react";
import type { useKeyHint } from "../shortcuts/use-key-hint.ts";
import { Button } from "./button.tsx";
import type { ButtonVariant } from "./button-style.ts";
import { copyText } from "./copy-text.ts";

type CopyButtonProps = {
  /** Called on click, so that a secret is not passed to this component earlier. */
  text: () => string;
  /** The object in the button's name: "Copy request body". */
  what: string;
  /** Shows the name on the button too, when nothing around it says what is copied. */
  showsWhat?: boolean;
  variant?: ButtonVariant;
  onCopied?: () => void;
  /** Only the icon, with the height of a line of text. */
  isCompact?: boolean;
  hint?: ReturnType<typeof useKeyHint>;
};

const WORDS = { idle: "Copy", done: "Copied", failed: "Select and copy by hand" };

export function CopyButton({
  text,
  what,
  showsWhat = false,
  variant = "quiet",
  onCopied,
  isCompact = false,
  hint,
}: CopyButtonProps) {
  const [state, setState] = useState<keyof typeof WORDS>("idle");
  const copy = async () => {
    const done = await copyText(text());
    setState(done ? "done" : "failed");
    if (done) onCopied?.();
  };
  const Icon = state === "done" ? Check : Copy;
  return (
    <Button
      {...hint}
      variant={variant}
      aria-label={`${WORDS[state]} ${what}`}
      className={isCompact ? "min-w-11 px-3! md:h-6! md:min-w-0 md:px-1!" : undefined}
      onClick={() => void copy()}
      onBlur={() => setState("idle")}
    >
      <Icon aria-hidden className="size-4" />
      <span aria-live="polite" className={isCompact && state !== "failed" ? "sr-only" : undefined}>
        {WORDS[state]}
        {showsWhat && state === "idle" && ` ${what}`}
      </span>
    </Button>
  );
}
