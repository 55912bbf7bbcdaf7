import { createFileRoute } from "@tanstack/react-router";
import { orSlow } from "../../navigation/or-slow.ts";
import { AccountPage } from "../../settings/account/account-page.tsx";
import { sessionsQuery } from "../../settings/queries.ts";

export const Route = createFileRoute("/_shell/settings/account")({
  loader: ({ context }) => orSlow(context.queryClient.prefetchQuery(sessionsQuery)),
  component: AccountPage,
});
