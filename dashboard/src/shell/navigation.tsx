import { Link, type LinkProps } from "@tanstack/react-router";
import {
  Blocks,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  ScrollText,
  Send,
  Settings,
  Users,
  Zap,
} from "lucide-react";

type Item = { readonly name: string; readonly icon: LucideIcon; readonly to: NonNullable<LinkProps["to"]> };

const GROUPS: readonly { readonly name: string | null; readonly items: readonly Item[] }[] = [
  {
    name: null,
    items: [
      { name: "Overview", icon: LayoutDashboard, to: "/" },
      { name: "Integrations", icon: Blocks, to: "/integrations" },
      { name: "Deliveries", icon: Send, to: "/deliveries" },
      { name: "Events", icon: Zap, to: "/events" },
    ],
  },
  { name: "Develop", items: [{ name: "API keys", icon: KeyRound, to: "/api-keys" }] },
  {
    name: "Workspace",
    items: [
      { name: "Members", icon: Users, to: "/members" },
      { name: "Audit log", icon: ScrollText, to: "/audit-log" },
      { name: "Settings", icon: Settings, to: "/settings" },
    ],
  },
];

/** Every page of the sidebar, and pages reached through others, for the palette. */
export const PAGES: readonly Pick<Item, "name" | "to">[] = [
  ...GROUPS.flatMap(({ items }) => items),
  { name: "Inspector", to: "/integrations/inspector" },
  { name: "Account settings", to: "/settings/account" },
  { name: "System", to: "/settings/system" },
];

export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  return (
    <nav aria-label="Main" className="flex flex-col gap-4">
      {GROUPS.map((group) => (
        <div key={group.name}>
          {group.name && <p className="px-2 pb-1 text-badge text-muted">{group.name}</p>}
          <ul className="flex flex-col gap-px">
            {group.items.map(({ name, icon: Icon, to }) => (
              <li key={name}>
                <Link
                  to={to}
                  activeOptions={{ exact: to === "/" }} // every path starts with it
                  {...(onNavigate && { onClick: onNavigate })}
                  className="flex h-11 items-center gap-2 rounded-control px-2 font-medium text-muted hover:bg-sunken hover:text-fg data-[status=active]:bg-accent-soft data-[status=active]:text-accent md:h-9"
                >
                  <Icon aria-hidden className="size-4" />
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
