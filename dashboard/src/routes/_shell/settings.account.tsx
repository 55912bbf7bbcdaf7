import { createFileRoute } from "@tanstack/react-router";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { AccountPage } from "../../settings/account/account-page.tsx";
import { sessionsQuery } from "../../settings/queries.ts";

export const Route = createFileRoute("/_shell/settings/account")({
  loader: ({ context }) => waitBriefly(context.queryClient.prefetchQuery(sessionsQuery)),
  component: AccountPage,
});
