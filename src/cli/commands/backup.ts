import { join, resolve } from "node:path";
import type { Command } from "commander";
import { SQLITE_FILE } from "../../db/open.ts";
import { backUp } from "../../db/sqlite/back-up.ts";
import { DamagedDatabaseError } from "../../db/sqlite/damaged-database-error.ts";
import { type LoadOptions, requireDatabase } from "../open-app.ts";
import { print } from "../print.ts";
import { CommandError, UsageError } from "../report-failure.ts";

export function addBackup(program: Command, loadOptions: LoadOptions): void {
  program
    .command("backup")
    .description("Copy the embedded database into a new file, while the server runs and writes.")
    .argument("<file>", "file to make; it must not exist")
    .addHelpText("after", "\nThe sealing key is not in it. Keep it too, in another place.")
    .action(async (file: string) => {
      const options = loadOptions();
      if (options.databaseUrl !== null) {
        throw new UsageError(
          "DATABASE_URL is set. Back up PostgreSQL with pg_dump, or with what its operator offers.",
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
        "Its credentials open only with the sealing key. Keep INTEGRATION_SECRET_ENCRYPTION_KEY in another place.",
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
      `${target} or its unfinished ${target}.partial exists. Name a new file, or remove the old one.`,
    );
  }
  if (code === "ENOENT" || code === "EACCES" || code === "ENOSPC" || code === "EROFS") {
    return new CommandError(
      `Cannot write ${target} (${code}). Name a file in a folder that exists, may be written and has room.`,
    );
  }
  return error;
}
