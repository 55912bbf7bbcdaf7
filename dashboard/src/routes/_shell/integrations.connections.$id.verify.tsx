import { useQuery } from "@tanstack/react-query";
import { createFileRoute, Link } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { connectionQuery } from "../../connections/queries.ts";
import { CheckForm } from "../../connections/verify/check-form.tsx";
import { HeaderTable } from "../../connections/verify/header-table.tsx";
import { SnippetTabs } from "../../connections/verify/snippet-tabs.tsx";
import { buttonStyle } from "../../ui/button-style.ts";
import { EmptyState } from "../../ui/empty-state.tsx";

export const Route = createFileRoute("/_shell/integrations/connections/$id/verify")({ component: VerifyTab });

function VerifyTab() {
  const { id } = Route.useParams();
  const connection = useQuery(connectionQuery(id)).data?.connection;
  if (connection === undefined) return null; // the surrounding page says why
  const { has_signing_secret: hasSecret, receiver, header_names: names } = connection.config.webhook;
  if (!hasSecret) {
    return (
      <EmptyState
        icon={KeyRound}
        title="Add a signing secret first"
        action={
          <Link
            to="/integrations/connections/$id/settings"
            params={{ id }}
            className={buttonStyle("primary")}
          >
            Open settings
          </Link>
        }
      >
        Without one, the receiver cannot tell requests from OpenSend apart from anyone else who knows the URL.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-6">
      <SnippetTabs key={`${id} ${receiver}`} receiver={receiver} />
      <HeaderTable customNames={names} />
      <CheckForm key={id} />
    </div>
  );
}
