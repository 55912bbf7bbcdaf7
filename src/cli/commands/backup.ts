import { join, resolve } from "node:path";
import type { Command } from "commander";
import { SQLITE_FILE } from "../../db/open.ts";
import { backUp } from "../../db/sqlite/back-up.ts";
import { DamagedDatabaseError } from "../../db/sqlite/damaged-database-error.ts";
import { CommandError, UsageError } from "../command-error.ts";
import { type LoadOptions, requireDatabase } from "../open-app.ts";
import { print } from "../print.ts";

export function addBackup(program: Command, loadOptions: LoadOptions): void {
  program
    .command("backup")
    .description("Back up the embedded database to a new file while the server runs.")
    .argument("<file>", "file to create; it must not exist")
    .addHelpText("after", "\nThe backup does not contain the sealing key. Store the key separately.")
    .action(async (file: string) => {
      const options = loadOptions();
      if (options.databaseUrl !== null) {
        throw new UsageError(
          "DATABASE_URL is set. Back up PostgreSQL with pg_dump or your provider's backups.",
        );
      }
      requireDatabase(options);
      const source = join(options.dataDir, SQLITE_FILE);
      const target = resolve(file);
      const bytes = await backUp(source, target).catch((error: unknown) => {
        throw explain(error, target);
      });
      print(`wrote ${target}, ${bytes} bytes, checked`);
      print(
        "Its credentials can be decrypted only with the sealing key. Store INTEGRATION_SECRET_ENCRYPTION_KEY separately.",
      );
    });
}

function explain(error: unknown, target: string): unknown {
  if (error instanceof DamagedDatabaseError) {
    return new CommandError(`Nothing was written. ${error.message} Keep earlier backups.`);
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EEXIST") {
    return new CommandError(
      `${target} or its unfinished ${target}.partial exists. Choose a new file name, or remove the old file.`,
    );
  }
  if (code === "ENOENT" || code === "EACCES" || code === "ENOSPC" || code === "EROFS") {
    return new CommandError(
      `Cannot write ${target} (${code}). Choose a folder that exists, is writable and has free space.`,
    );
  }
  return error;
}
