import type { AppContext } from "../app.ts";
import { rotateSecrets } from "../connections/rotate-secrets.ts";
import { resealOwnSecrets } from "../inspector/reseal.ts";
import { resealMails } from "../mail/reseal-mails.ts";

export type Resealed = {
  readonly resealed: number;
  readonly current: number;
  /** One line with the reason for each object that cannot be opened. */
  readonly unreadable: readonly string[];
};

/** Re-seals everything in the database with the current key; with `isTrial`, only reports what would be done. */
export async function resealAll(context: AppContext, isTrial: boolean): Promise<Resealed> {
  const connections = await rotateSecrets(context.services.integrations, isTrial);
  const inspectors = await resealOwnSecrets(context.services.inspector, isTrial);
  const mails = await resealMails(context.services.integrations, isTrial);
  return {
    resealed: connections.resealed + inspectors.resealed + mails.resealed,
    current: connections.current + inspectors.current + mails.current,
    unreadable: [
      ...connections.unreadable.map(({ id, reason }) => `${id} ${reason}`),
      ...inspectors.unreadable.map(
        ({ workspaceId, reason }) => `the inspector's secret of workspace ${workspaceId} ${reason}`,
      ),
      ...mails.unreadable.map(({ id, reason }) => `the waiting mail ${id} ${reason}`),
    ],
  };
}
