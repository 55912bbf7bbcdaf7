import assert from "node:assert/strict";
import { test } from "node:test";
import { actionOptions, exportAddress, readAuditFilter, toAuditQuery } from "./audit-filter.ts";

const now = Date.parse("2026-06-06T12:00:00.000Z");
const id = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11";

test("reads a filter from the URL and ignores unknown values", () => {
  const filter = readAuditFilter({
    action: "api_key.*",
    actor: "user",
    target: id,
    range: "1h",
    status: "x",
  });
  assert.deepEqual(toAuditQuery(filter, now), {
    action: "api_key.*",
    actor: "user",
    target_id: id,
    created_from: "2026-06-06T11:00:00.000Z",
  });
  assert.deepEqual(toAuditQuery(readAuditFilter({ action: "*", actor: "Ada", target: "1" }), now), {});
});

test("exports the same entries that the page shows", () => {
  assert.equal(exportAddress(readAuditFilter({}), now), "/api/audit-log/export");
  assert.equal(
    exportAddress(readAuditFilter({ action: "connection.*", actor: id }), now),
    `/api/audit-log/export?action=connection.*&actor=${id}`,
  );
});

test("offers the action in the URL, even an unknown one", () => {
  assert.equal(actionOptions("workspace.moved")[0]?.label, "Workspace moved");
  assert.equal(actionOptions("connection.paused"), actionOptions(undefined));
});
