import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { type LoadOptions, withApp } from "../open-app.ts";
import { print } from "../print.ts";
import { resealAll } from "../reseal-all.ts";

export function addSecrets(program: Command, loadOptions: LoadOptions): void {
  const secrets = program.command("secrets").description("Encrypted credentials in the database.");
  secrets
    .command("rotate")
    .description("Re-encrypt all credentials with the current key while servers run.")
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
      await withApp(loadOptions, async ({ context }) => {
        const { resealed, current, unreadable } = await resealAll(context, false);
        print(`re-sealed ${resealed}, already current ${current}, unreadable ${unreadable.length}`);
        for (const line of unreadable) console.error(`  ${line}`);
        if (unreadable.length > 0) {
          throw new CommandError(
            "Some credentials cannot be opened. Add a missing key to INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS and run this again; for damaged credentials, enter the webhook URL and secret again.",
          );
        }
      });
    });
}
