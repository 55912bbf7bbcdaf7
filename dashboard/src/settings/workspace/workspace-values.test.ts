import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Workspace } from "../../api/types.ts";
import { changeOf, deletionWords, valuesOf, workspaceSchema } from "./workspace-values.ts";

const workspace = (payload_days: number | null, status_days: number | null) =>
  ({
    name: "Acme",
    retention: { payload_days, status_days },
    retention_limits: { payload_days: 30, status_days: 90 },
  }) as Workspace;

const faultsOf = (base: Workspace, values: object) =>
  workspaceSchema(base)
    .safeParse({ ...valuesOf(base), ...values })
    .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

describe("a workspace's settings form", () => {
  it("starts with empty days if the workspace uses the server default", () => {
    assert.deepEqual(valuesOf(workspace(null, 0)), { name: "Acme", payload_days: "", status_days: "0" });
  });

  it("sends only what changed, and null for emptied days", () => {
    const base = workspace(5, null);
    assert.deepEqual(changeOf(base, valuesOf(base)), {});
    assert.deepEqual(changeOf(base, { name: "B", payload_days: "", status_days: "40" }), {
      name: "B",
      retention: { payload_days: null, status_days: 40 },
    });
  });

  it("refuses the same values as the server", () => {
    assert.deepEqual(faultsOf(workspace(null, null), { payload_days: "31" }), [
      "payload_days: Must be from 1 to 30 days: this instance keeps no longer.",
    ]);
    assert.deepEqual(faultsOf(workspace(null, null), { status_days: "10" }), [
      "status_days: Statuses are kept at least as long as payloads, which are kept for 30 days.",
    ]);
    for (const payload_days of ["-1", "1.5", "x", "99999"]) {
      assert.match(faultsOf(workspace(null, null), { payload_days })[0] ?? "", /whole number/, payload_days);
    }
  });

  it("allows a new name when the operator has since shortened retention below the workspace's", () => {
    assert.deepEqual(faultsOf(workspace(60, 60), { name: "Other" }), []);
  });

  it("says what a shorter retention deletes, and nothing if none is shorter", () => {
    const base = workspace(null, null);
    const lost = (values: object) => deletionWords(base, { ...valuesOf(base), ...values });
    assert.equal(lost({}), null);
    assert.equal(lost({ payload_days: "30", status_days: "90" }), null);
    assert.equal(
      lost({ payload_days: "1" }),
      "the payloads and attempts of events accepted more than 1 day ago",
    );
    assert.equal(
      lost({ payload_days: "7", status_days: "14" }),
      "the payloads and attempts of events accepted more than 7 days ago, and all events accepted more than 14 days ago, with their deliveries",
    );
    assert.equal(deletionWords(workspace(1, 2), { name: "Acme", payload_days: "", status_days: "" }), null);
  });
});
