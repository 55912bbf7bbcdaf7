import assert from "node:assert/strict";
import { recordAudit } from "../../src/audit/record-audit.ts";
import { createUser, type NewUser } from "../../src/auth/create-user.ts";
import { createPeople } from "../../src/auth/people.ts";
import type { Store } from "../../src/db/open.ts";

/** Creates an account as `opensend users create` does, in this process. Closes the store. */
export async function makeAccount(store: Store, user: NewUser): Promise<void> {
  const people = createPeople({
    db: store.db,
    dialect: store.dialect,
    sessionSecret: "signs no session: accounts are only created with it",
    publicUrl: "http://127.0.0.1:3015",
    onError: assert.fail,
  });
  try {
    await createUser({ db: store.db, people, now: Date.now, recordAudit }, user, {
      kind: "cli",
      address: null,
    });
  } finally {
    await store.close();
  }
}
