import { Outlet } from "@tanstack/react-router";
import { AccountMenu } from "./account-menu.tsx";
import { Drawer } from "./drawer.tsx";
import { Logo } from "./logo.tsx";
import { Navigation } from "./navigation.tsx";
import { Popups } from "./popups.tsx";
import { SearchButton } from "./search-button.tsx";
import { WorkspaceMenu } from "./workspace-menu.tsx";

/** The layout of every page inside a workspace: a sidebar from 1024 px, a drawer below. */
export function Shell() {
  return (
    <div className="lg:grid lg:grid-cols-[224px_minmax(0,1fr)] has-[[data-panel]]:pr-(--panel-width)">
      <a
        href="#main"
        className="sr-only z-50 items-center rounded-control bg-accent font-medium text-accent-on focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:flex focus:h-11 focus:px-4"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-30 flex h-14 items-center justify-between border-b border-line bg-surface pr-1 pl-4 lg:hidden">
        <Logo />
        <Drawer />
      </header>
      <aside className="sticky top-0 hidden h-dvh flex-col border-r border-line bg-surface p-3 lg:flex">
        <div className="mb-4 flex h-9 items-center px-2">
          <Logo />
        </div>
        <WorkspaceMenu />
        <SearchButton />
        <div className="flex-1 overflow-y-auto">
          <Navigation />
        </div>
        <AccountMenu />
      </aside>
      <main id="main" tabIndex={-1} className="w-full max-w-[1696px] min-w-0 px-4 py-6 md:px-8 md:py-8">
        <Outlet />
      </main>
      <Popups />
    </div>
  );
}
