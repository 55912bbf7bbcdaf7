import assert from "node:assert/strict";
import { test } from "node:test";
import { InfiniteQueryObserver, QueryClient } from "@tanstack/react-query";
import { loadNextPage } from "./load-next-page.ts";

test("loads the requested page even if the list is read again meanwhile", async () => {
  const queryClient = new QueryClient();
  let isSlow = false;
  const observer = new InfiniteQueryObserver(queryClient, {
    queryKey: ["rows"],
    queryFn: ({ pageParam }) => (isSlow ? new Promise<number>(() => undefined) : pageParam),
    initialPageParam: 1,
    getNextPageParam: (page: number) => page + 1,
  });
  const close = observer.subscribe(() => undefined);
  await observer.refetch();
  assert.deepEqual(observer.getCurrentResult().data?.pages, [1]);

  isSlow = true;
  const loading = loadNextPage(observer.getCurrentResult());
  isSlow = false;
  await observer.refetch();
  await loading;
  assert.deepEqual(observer.getCurrentResult().data?.pages, [1, 2]);
  close();
  queryClient.clear();
});
