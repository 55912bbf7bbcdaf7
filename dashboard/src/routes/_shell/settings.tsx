import { createFileRoute, Outlet } from "@tanstack/react-router";
import { PageHeader } from "../../ui/page.tsx";
import { TabLinks } from "../../ui/tab-links.tsx";

export const Route = createFileRoute("/_shell/settings")({ component: SettingsPage });

function SettingsPage() {
  return (
    <>
      <PageHeader title="Settings" />
      <TabLinks
        label="Settings"
        tabs={[
          { name: "Workspace", link: { to: "/settings" } },
          { name: "Account", link: { to: "/settings/account" } },
          { name: "Alerts", link: { to: "/settings/alerts" } },
          { name: "System", link: { to: "/settings/system" } },
        ]}
      />
      <Outlet />
    </>
  );
}
