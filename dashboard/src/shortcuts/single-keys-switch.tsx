import { useId } from "react";
import { classNames } from "../ui/class-names.ts";
import { saveSingleKeys, useSingleKeys } from "./single-keys.ts";

/** Turns single-key shortcuts on and off. */
export function SingleKeysSwitch({ className }: { className?: string }) {
  const id = useId();
  const isOn = useSingleKeys();
  return (
    <label
      htmlFor={id}
      className={classNames(
        "flex min-h-11 cursor-pointer items-center gap-3 rounded-control border border-line px-3",
        className,
      )}
    >
      <input
        id={id}
        type="checkbox"
        checked={isOn}
        onChange={(event) => saveSingleKeys(event.target.checked)}
        className="size-4 shrink-0 accent-accent"
      />
      <span>Single keys work in this browser</span>
    </label>
  );
}
