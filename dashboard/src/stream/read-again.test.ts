import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryClient } from "@tanstack/react-query";
import { readAgainIfUnderWay } from "./read-again.ts";

test("a response older than the latest change does not replace it", async () => {
  const queryClient = new QueryClient();
  const queryKey = ["rows"];
  const answers: ((rows: string[]) => void)[] = [];
  const queryFn = () => new Promise<string[]>((resolve) => answers.push(resolve));
  const reading = queryClient.fetchQuery({ queryKey, queryFn }).catch(() => null);
  queryClient.setQueryData(queryKey, ["told"]);
  readAgainIfUnderWay(queryClient, queryKey);
  answers[0]?.([]);
  answers[1]?.(["told", "read"]);
  await reading;
  await queryClient.fetchQuery({ queryKey, queryFn, staleTime: "static" });
  assert.deepEqual(queryClient.getQueryData(queryKey), ["told", "read"]);
  assert.equal(answers.length, 2);

  readAgainIfUnderWay(queryClient, queryKey);
  assert.equal(answers.length, 2, "nothing was under way");
  queryClient.clear();
});
