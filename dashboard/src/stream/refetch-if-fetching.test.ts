import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryClient } from "@tanstack/react-query";
import { refetchIfFetching } from "./refetch-if-fetching.ts";

test("a response older than the latest change does not replace it", async () => {
  const queryClient = new QueryClient();
  const queryKey = ["rows"];
  const resolvers: ((rows: string[]) => void)[] = [];
  const queryFn = () => new Promise<string[]>((resolve) => resolvers.push(resolve));
  const reading = queryClient.fetchQuery({ queryKey, queryFn }).catch(() => null);
  queryClient.setQueryData(queryKey, ["streamed"]);
  refetchIfFetching(queryClient, queryKey);
  resolvers[0]?.([]);
  resolvers[1]?.(["streamed", "read"]);
  await reading;
  await queryClient.fetchQuery({ queryKey, queryFn, staleTime: "static" });
  assert.deepEqual(queryClient.getQueryData(queryKey), ["streamed", "read"]);
  assert.equal(resolvers.length, 2);

  refetchIfFetching(queryClient, queryKey);
  assert.equal(resolvers.length, 2, "nothing was under way");
  queryClient.clear();
});
