import type { TestAlertDeps } from "../alerts/test-alert.ts";
import { recordAudit } from "../audit/record-audit.ts";
import type { Store } from "../db/open.ts";
import { storeNoKey } from "../idempotency/only-once.ts";
import type { Engine } from "./engine.ts";
import type { MailService } from "./mail.ts";

type Input = { readonly publicUrl: string; readonly now: () => number };
type Parts = { readonly store: Store; readonly engine: Engine; readonly mail: MailService };

/** Composes the dependencies of an alert's test button. */
export function composeTestAlert({ publicUrl, now }: Input, { store, engine, mail }: Parts): TestAlertDeps {
  const deliverNow: TestAlertDeps["deliverNow"] = (event) => engine.deliverNow(event, storeNoKey);
  return { db: store.db, now, recordAudit, publicUrl, smtp: mail.smtp, deliverNow };
}
