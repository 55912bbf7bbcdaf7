import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { connectionQuery } from "../../connections/queries.ts";
import { SettingsForm } from "../../connections/settings/settings-form.tsx";

export const Route = createFileRoute("/_shell/integrations/connections/$id/settings")({
  component: SettingsTab,
});

function SettingsTab() {
  const { id } = Route.useParams();
  const read = useQuery(connectionQuery(id)).data;
  if (read === undefined) return null; // the surrounding page says why
  return <SettingsForm key={id} read={read} />;
}
