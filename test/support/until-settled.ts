import type { Store } from "../../src/db/open.ts";
import { until } from "./until.ts";

/** Waits until this many workers share the connections, and each has read that the others do. */
export async function untilSettled({ db }: Pick<Store, "db">, workers: number): Promise<void> {
  const read = () =>
    db
      .selectFrom("workers")
      .select(["members", "holding", "beat_at"])
      .where("stopped_at", "is", null)
      .execute();
  const areAgreed = (rows: Awaited<ReturnType<typeof read>>) =>
    rows.length === workers &&
    rows.every(({ members, holding }) => JSON.parse(members).length === workers && holding === "[]");
  await until(async () => areAgreed(await read()));
  const agreedAt = Math.max(...(await read()).map(({ beat_at: at }) => at));
  await until(async () => (await read()).every(({ beat_at: at }) => at > agreedAt));
}
