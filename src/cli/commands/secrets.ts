import type { Command } from "commander";
import { resealOwnSecrets } from "../../inspector/reseal.ts";
import { rotateSecrets } from "../../integrations/rotate-secrets.ts";
import { withHouse } from "../open-house.ts";
import { CommandError } from "../report-failure.ts";

export function addSecrets(program: Command): void {
  const secrets = program.command("secrets").description("Credentials sealed in the database.");
  secrets
    .command("rotate")
    .description("Re-seal every connection's credentials with the current key, while servers run.")
    .addHelpText(
      "after",
      `
Order:
  1. Set the new key as INTEGRATION_SECRET_ENCRYPTION_KEY and the old one as
     INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS, and restart every server with both.
  2. Run this command with the same two variables.
  3. Remove INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS and restart again.`,
    )
    .action(async () => {
      await withHouse(async ({ house }) => {
        const result = await rotateSecrets(house.integrations);
        const own = await resealOwnSecrets(house.inspectorDeps);
        const unreadable = [
          ...result.unreadable,
          ...own.unreadable.map(({ workspaceId, keyId }) => ({
            id: `the inspector's secret of workspace ${workspaceId}`,
            keyId,
          })),
        ];
        console.log(
          `re-sealed ${result.resealed + own.resealed}, already current ${result.current + own.current}, unreadable ${unreadable.length}`,
        );
        for (const { id, keyId } of unreadable)
          console.error(`  ${id} was sealed with key ${keyId ?? "unknown"}`);
        if (unreadable.length > 0) {
          throw new CommandError(
            "Some connections cannot be opened with the keys at hand. Add their key to INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS and run this again.",
          );
        }
      });
    });
}
