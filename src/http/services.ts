import type { Logger } from "pino";
import type { TestAlertDeps } from "../alerts/test-alert.ts";
import type { ApiKeyDeps } from "../auth/api-keys.ts";
import type { KeyLookup } from "../auth/key-lookup.ts";
import type { SessionDeps } from "../auth/sessions.ts";
import type { WorkspaceSettingsDeps } from "../auth/workspace-settings.ts";
import type { DaySums } from "../connections/day-sums.ts";
import type { IntegrationsDeps } from "../connections/deps.ts";
import type { DeliverNow, ReadTest } from "../connections/send-test-event.ts";
import type { Database } from "../db/open.ts";
import type { TestResult } from "../dispatch/test-result.ts";
import type { RetentionDays } from "../domain/retention-days.ts";
import type { ChangeDeliveryDeps } from "../history/change-delivery.ts";
import type { CompareDeps } from "../history/compare-delivery.ts";
import type { EraseEventDeps } from "../history/erase-event.ts";
import type { OnceDeps } from "../idempotency/only-once.ts";
import type { BeginDigest } from "../idempotency/request-digest.ts";
import type { Acceptor } from "../ingest/accept-events.ts";
import type { InspectorDeps } from "../inspector/deps.ts";
import type { Inspector } from "../inspector/inspector.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { BuiltFiles } from "./built-files.ts";
import type { SystemState } from "./schemas/system.ts";
import type { Streams } from "./streams.ts";

/** Everything the HTTP layer calls; `app.ts` creates it. */
export type Services = {
  readonly instance: Instance;
  readonly access: Access;
  readonly integrations: IntegrationsDeps & {
    readonly deliverNow: DeliverNow<TestResult>;
    readonly readTest: ReadTest<TestResult>;
    readonly sums: DaySums;
  };
  readonly inspector: InspectorDeps & Pick<Inspector, "forget">;
  readonly acceptor: Pick<Acceptor, "accept" | "idle">;
  readonly deliveries: ChangeDeliveryDeps & CompareDeps & EraseEventDeps;
  readonly streams: Streams;
};

/** This process, its database and its settings. */
type Instance = {
  readonly db: Database;
  readonly logger: Logger;
  readonly version: string;
  readonly now: () => number;
  readonly idempotency: OnceDeps & { readonly beginDigest: BeginDigest };
  readonly operations: Operations;
  readonly settings: Settings;
};

/** Authentication of people and API keys. */
type Access = {
  readonly sessions: SessionDeps;
  readonly apiKeys: ApiKeyDeps;
  readonly keyLookup: KeyLookup;
  readonly workspaceSettings: WorkspaceSettingsDeps;
};

/** Monitoring: metrics, state and alerts. */
type Operations = {
  readonly metrics: Pick<Metrics, "contentType" | "read">;
  readonly system: { readonly read: () => Promise<SystemState> };
  /** One sentence for each part of this process that cannot do its work; empty when it is ready. */
  readonly findUnreadiness: () => Promise<readonly string[]>;
  readonly alerts: TestAlertDeps;
};

type Settings = {
  /** The origin people use in the browser. */
  readonly publicUrl: string;
  readonly rateLimitPerMinute: number;
  readonly trustedProxies: readonly string[];
  /** The instance's retention in days, which a workspace can shorten for itself. */
  readonly retention: RetentionDays;
  /** Lets callers on other machines read the metrics; null allows none. */
  readonly metricsToken: string | null;
  /** The generated description of the API. */
  readonly openApiFile: string;
  /** The dashboard and the documentation, as far as they were built. */
  readonly builtFiles: BuiltFiles;
};
