import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { answerOf, api } from "../api/client.ts";
import { problemFrom } from "../api/problem.ts";
import { toast } from "../ui/toast.tsx";

export function useSignOut(): () => Promise<void> {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    try {
      await answerOf(api.DELETE("/api/session"));
    } catch (thrown) {
      const problem = problemFrom(thrown);
      if (problem.code !== "unauthenticated") return toast(`You are still signed in. ${problem.message}`);
    }
    await navigate({ to: "/sign-in" });
    queryClient.clear();
  };
}
