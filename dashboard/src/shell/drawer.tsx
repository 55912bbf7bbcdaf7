import { Menu } from "lucide-react";
import { useRef, useState } from "react";
import { lazyPart } from "../ui/lazy-part.tsx";
import { showPopup } from "./popup.ts";

const DrawerPopup = lazyPart("The menu", async () => (await import("./drawer-popup.tsx")).DrawerPopup);

/** The sidebar on phones, opened by a button. */
export function Drawer() {
  const [isOpen, setIsOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const search = () => {
    setIsOpen(false);
    showPopup("palette", trigger.current);
  };
  return (
    <>
      <button
        ref={trigger}
        type="button"
        aria-label="Open menu"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onPointerEnter={DrawerPopup.preload}
        onFocus={DrawerPopup.preload}
        onClick={() => setIsOpen(true)}
        className="flex size-11 items-center justify-center rounded-control text-muted hover:bg-sunken"
      >
        <Menu aria-hidden className="size-5" />
      </button>
      {isOpen && <DrawerPopup onClose={() => setIsOpen(false)} onSearch={search} />}
    </>
  );
}
