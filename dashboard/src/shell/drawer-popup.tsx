import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { restoreFocus } from "../navigation/focus-heading.ts";
import { SCRIM } from "../ui/popup-style.ts";
import { AccountMenu } from "./account-menu.tsx";
import { Logo } from "./logo.tsx";
import { Navigation } from "./navigation.tsx";
import { SearchButton } from "./search-button.tsx";
import { WorkspaceMenu } from "./workspace-menu.tsx";

type DrawerPopupProps = { onClose: () => void; onSearch: () => void };

export function DrawerPopup({ onClose, onSearch }: DrawerPopupProps) {
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className={SCRIM} />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={restoreFocus}
          className="fixed inset-y-0 left-0 z-40 flex w-72 max-w-[85vw] animate-appear flex-col border-r border-line bg-surface p-3"
        >
          <div className="mb-4 flex items-center justify-between pl-2">
            <Dialog.Title>
              <Logo />
              <span className="sr-only">menu</span>
            </Dialog.Title>
            <Dialog.Close
              aria-label="Close menu"
              className="flex size-11 items-center justify-center rounded-control text-muted hover:bg-sunken"
            >
              <X aria-hidden className="size-5" />
            </Dialog.Close>
          </div>
          <WorkspaceMenu />
          <SearchButton onOpen={onSearch} />
          <div className="flex-1 overflow-y-auto">
            <Navigation onNavigate={onClose} />
          </div>
          <AccountMenu onNavigate={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
