import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { changeSession } from "../api/client.ts";
import { problemFrom } from "../api/problem.ts";
import { useLeaving } from "../navigation/use-leaving.ts";
import { toast } from "../ui/toast.tsx";
import { clearPrivateData } from "./clear-private-data.ts";
import { notifyOtherTabs } from "./other-tabs.ts";

/** Signs out once the page has been left: someone who keeps editing remains signed in. */
export function useSignOut(): () => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  const leaveFor = useLeaving();
  return async () => {
    if (!(await leaveFor("/sign-in"))) return;
    try {
      await changeSession((api) => api.DELETE("/api/session"), 0);
    } catch (thrown) {
      const problem = problemFrom(thrown);
      if (problem.code !== "unauthenticated") {
        toast(`You are still signed in. ${problem.message}`);
        return router.navigate({ to: "/" });
      }
    }
    clearPrivateData(queryClient);
    notifyOtherTabs(null);
  };
}
