import "./styles/app.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { onSignedOut, onWorkspaceChanged, provideWorkspaceId } from "./api/client.ts";
import { allowOwnStyles } from "./csp-nonce.ts";
import { focusHeading } from "./navigation/focus-heading.ts";
import { queryClient } from "./query-client.ts";
import { router } from "./router.tsx";
import { clearPrivateData } from "./session/clear-private-data.ts";
import { takeInvitationToken } from "./session/invitation-token.ts";
import { enterWorkspace, followOtherTabs } from "./session/other-tabs.ts";
import { takeResetToken } from "./session/reset-token.ts";
import { pathToReturnTo } from "./session/safe-path.ts";
import { shownWorkspaceId } from "./session/session-query.ts";
import { takeSetupToken } from "./session/setup-token.ts";
import { Toaster } from "./ui/toast.tsx";

takeSetupToken();
takeInvitationToken();
takeResetToken();
allowOwnStyles();

onSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (pathname === "/sign-in") return;
  void router
    .navigate({ to: "/sign-in", search: { next: pathToReturnTo(href) } })
    .then(() => clearPrivateData(queryClient));
});

const shown = () => shownWorkspaceId(queryClient);
provideWorkspaceId(shown);
onWorkspaceChanged(enterWorkspace);
followOtherTabs(shown);

router.subscribe("onRendered", ({ fromLocation, toLocation }) => {
  if (fromLocation?.pathname !== toLocation.pathname) focusHeading();
});

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toaster />
    </QueryClientProvider>
  </StrictMode>,
);
