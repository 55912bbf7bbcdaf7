import type { Keyring } from "../crypto/keyring.ts";
import { describeUnsealError, keyIdOf, seal, UnsealError, unseal } from "../crypto/seal.ts";
import type { Database } from "../db/open.ts";
import { bindingOf } from "./outbox.ts";

export type ResealedMails = {
  readonly resealed: number;
  readonly current: number;
  /** `reason` completes a sentence about the mail. */
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
};

/** Re-seals queued mails with the current key. With `isTrial`, only reports what would be done. */
export async function resealMails(
  { db, keyring }: { readonly db: Database; readonly keyring: Keyring },
  isTrial: boolean,
): Promise<ResealedMails> {
  let resealed = 0;
  let current = 0;
  const unreadable: { id: string; reason: string }[] = [];
  for (const { id, sealed } of await db.selectFrom("mails").select(["id", "sealed"]).execute()) {
    const isCurrent = keyIdOf(sealed) === keyring.current.id;
    try {
      const text = unseal(keyring, bindingOf(id), sealed);
      if (isCurrent) current++;
      else resealed++;
      if (isCurrent || isTrial) continue;
      await db
        .updateTable("mails")
        .set({ sealed: seal(keyring, bindingOf(id), text) })
        .where("id", "=", id)
        .execute();
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      unreadable.push({ id, reason: describeUnsealError(error, keyring) });
    }
  }
  return { resealed, current, unreadable };
}
