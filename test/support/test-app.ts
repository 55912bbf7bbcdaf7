import { pino } from "pino";
import { type AppContext, compose } from "../../src/app.ts";
import { loadOptions } from "../../src/config/load.ts";
import type { ConnectInput } from "../../src/connections/connect.ts";
import { connect } from "../../src/connections/connect.ts";
import { migrate } from "../../src/db/migrate.ts";
import { newId } from "../../src/db/new-id.ts";
import type { Credentials } from "../../src/domain/connection.ts";
import type { NewEvent } from "../../src/domain/read-event.ts";
import type { TestDatabase } from "./databases.ts";

/** The program's parts in this process, on a real database, with a clock that the test sets. */
export type TestApp = {
  readonly context: AppContext;
  readonly clock: {
    now: number;
    /** How far the monotonic clock is ahead of the real clock, in milliseconds. */
    monotonicAhead: number;
  };
  readonly workspaceId: string;
  readonly connect: (
    input: Partial<Omit<ConnectInput, "credentials"> & Credentials> & { webhookUrl: string },
  ) => Promise<string>;
  readonly accept: (event: Partial<NewEvent> & { type: string }) => Promise<string>;
  /** The only delivery of an event to a connection, with its attempts. */
  readonly delivery: (connectionId: string) => Promise<DeliveryState>;
  readonly close: () => Promise<void>;
};

export type DeliveryState = {
  readonly id: string;
  readonly status: string;
  readonly attempt_count: number;
  readonly next_attempt_at: number | null;
};

/** In hexadecimal: a key given as free text is stretched, which takes 60 ms for each app. */
const ENCRYPTION_KEY = "4b1d9a7e02c85f36d1e0a94b7c635f2890ad1c4e6f7b3825e9d0416a5cb37f88";

export async function openTestApp(database: TestDatabase): Promise<TestApp> {
  const clock = { now: Date.now(), monotonicAhead: 0 };
  const options = loadOptions(database.environment);
  const secrets = {
    encryptionKey: ENCRYPTION_KEY,
    previousEncryptionKeys: [],
    keySource: "data folder",
    sessionSecret: "a session secret for tests, long enough",
    notices: [],
  } as const;
  const logger = pino({ level: "silent" });
  const context = compose({
    options,
    secrets,
    logger,
    publicUrl: "http://127.0.0.1:3015",
    now: () => clock.now,
    monotonicNow: () => performance.now() + clock.monotonicAhead,
  });
  const { db, dialect } = context.store;
  await migrate(db, dialect, clock.now);
  const workspaceId = newId();
  await db
    .insertInto("workspaces")
    .values({ id: workspaceId, name: "w", slug: workspaceId, created_at: new Date(clock.now).toISOString() })
    .execute();
  const actor = { kind: "system", id: null, name: "Test", workspaceId, address: null } as const;
  return {
    context,
    clock,
    workspaceId,
    connect: async ({ webhookUrl, signingSecret = null, headers = [], ...input }) => {
      const whole = {
        provider: "webhook",
        name: "Test",
        description: null,
        credentials: { webhookUrl, signingSecret, headers },
        eventTypes: ["*"],
        limits: {},
        ...input,
      };
      return (await connect(context.services.integrations, actor, whole)).id;
    },
    accept: async (event) => {
      const whole = { id: null, createdAt: null, dataJson: "{}", ...event };
      const { events } = await context.services.acceptor.accept({
        workspaceId,
        events: [whole],
        idempotency: null,
        traceContext: null,
      });
      return events[0]?.id ?? "";
    },
    delivery: async (connectionId) =>
      db
        .selectFrom("deliveries")
        .select(["id", "status", "attempt_count", "next_attempt_at"])
        .where("connection_id", "=", connectionId)
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .executeTakeFirstOrThrow(),
    close: async () => {
      await context.engine.worker.stop();
      await context.close();
    },
  };
}
