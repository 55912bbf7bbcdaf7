import { Search } from "lucide-react";
import { Keys } from "../ui/keys.tsx";
import { IS_MAC } from "../ui/platform.ts";
import { showPopup } from "./popup.ts";

/** Opens the palette for people who do not know its shortcut. */
export function SearchButton({ onOpen = () => showPopup("palette") }: { onOpen?: () => void }) {
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-keyshortcuts={IS_MAC ? "Meta+K" : "Control+K"}
      className="mb-4 flex h-11 w-full items-center gap-2 rounded-control border border-control bg-surface px-2 text-muted hover:bg-sunken hover:text-fg md:h-9"
    >
      <Search aria-hidden className="size-4" />
      <span className="flex-1 text-left">Search</span>
      <Keys keys={IS_MAC ? "⌘ K" : "Ctrl K"} />
    </button>
  );
}
