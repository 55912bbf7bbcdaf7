import { useNavigate } from "@tanstack/react-router";
import { ChevronsUpDown, Keyboard, LogOut, Monitor, Moon, Sun, UserRound } from "lucide-react";
import { useRef } from "react";
import { ROLE_NAMES } from "../session/roles.ts";
import { useSession } from "../session/session-query.ts";
import { useSignOut } from "../session/use-sign-out.ts";
import { setTheme, useTheme } from "../theme/theme.ts";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "../ui/menu.tsx";
import { showPopup } from "./popup.ts";

const THEMES = [
  { value: "light", label: "Light", icon: <Sun aria-hidden className="size-4 text-muted" /> },
  { value: "dark", label: "Dark", icon: <Moon aria-hidden className="size-4 text-muted" /> },
  { value: "system", label: "System", icon: <Monitor aria-hidden className="size-4 text-muted" /> },
] as const;

/** @param onNavigate Called in addition when an item leads to another page. */
export function AccountMenu({ onNavigate }: { onNavigate?: () => void }) {
  const { user, role } = useSession();
  const theme = useTheme();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const openAccount = () => {
    onNavigate?.();
    void navigate({ to: "/settings/account" });
  };
  const trigger = useRef<HTMLButtonElement>(null);
  const name = user.name || user.email;
  return (
    <Menu
      trigger={
        <button
          ref={trigger}
          type="button"
          className="flex min-h-11 w-full items-center gap-2 rounded-control px-2 py-1 text-left hover:bg-sunken"
        >
          <span
            aria-hidden
            className="flex size-7 shrink-0 items-center justify-center rounded-full bg-accent-soft text-badge font-semibold text-accent"
          >
            {name.slice(0, 1).toUpperCase()}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate text-table font-medium">{name}</span>
            <span className="block text-badge text-muted">{ROLE_NAMES[role]}</span>
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted" />
          <span className="sr-only">Account menu</span>
        </button>
      }
    >
      <MenuChoice label="Theme" value={theme} onChange={setTheme} options={THEMES} />
      <MenuSeparator />
      <MenuItem onSelect={openAccount}>
        <UserRound aria-hidden className="size-4 text-muted" />
        Account
      </MenuItem>
      <MenuItem onSelect={() => showPopup("help", trigger.current)}>
        <Keyboard aria-hidden className="size-4 text-muted" />
        Keyboard shortcuts
      </MenuItem>
      <MenuItem onSelect={() => void signOut()}>
        <LogOut aria-hidden className="size-4 text-muted" />
        Sign out
      </MenuItem>
    </Menu>
  );
}
