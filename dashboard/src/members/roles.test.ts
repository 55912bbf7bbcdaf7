import assert from "node:assert/strict";
import { test } from "node:test";
import { assignableRoles, LAST_OWNER_REASON, reasonAgainst, reasonAgainstRevoking } from "./roles.ts";

test("owners can give every role, admins every role but owner", () => {
  assert.deepEqual(
    assignableRoles("owner").map(({ value }) => value),
    ["viewer", "admin", "owner"],
  );
  assert.deepEqual(
    assignableRoles("admin").map(({ value }) => value),
    ["viewer", "admin"],
  );
});

test("viewers cannot change members, admins cannot change owners, and no one can change the last owner", () => {
  const viewer = { role: "viewer", readOnlyReason: "Viewers look." } as const;
  const admin = { role: "admin", readOnlyReason: null } as const;
  const owner = { role: "owner", readOnlyReason: null } as const;
  const member = { role: "viewer", isLastOwner: false } as const;
  const oneOfTheOwners = { role: "owner", isLastOwner: false } as const;
  const lastOwner = { role: "owner", isLastOwner: true } as const;
  assert.equal(reasonAgainst(viewer, member), "Viewers look.");
  assert.equal(reasonAgainst(admin, member), null);
  assert.match(reasonAgainst(admin, oneOfTheOwners) ?? "", /Only an owner/);
  assert.equal(reasonAgainst(owner, oneOfTheOwners), null);
  assert.equal(reasonAgainst(owner, lastOwner), LAST_OWNER_REASON);
});

test("viewers cannot revoke invitations, and admins cannot revoke an owner's invitation", () => {
  const viewer = { role: "viewer", readOnlyReason: "Viewers look." } as const;
  const admin = { role: "admin", readOnlyReason: null } as const;
  const owner = { role: "owner", readOnlyReason: null } as const;
  assert.equal(reasonAgainstRevoking(viewer, { role: "viewer" }), "Viewers look.");
  assert.equal(reasonAgainstRevoking(admin, { role: "admin" }), null);
  assert.match(reasonAgainstRevoking(admin, { role: "owner" }) ?? "", /Only an owner/);
  assert.equal(reasonAgainstRevoking(owner, { role: "owner" }), null);
});
