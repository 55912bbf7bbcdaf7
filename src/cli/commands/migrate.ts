import type { Command } from "commander";
import { migrate, schemaNumber } from "../../db/migrate.ts";
import { openStore } from "../../db/open.ts";
import type { LoadOptions } from "../open-app.ts";
import { print } from "../print.ts";

export function addMigrate(program: Command, loadOptions: LoadOptions): void {
  program
    .command("migrate")
    .description("Update the database schema to this version. `start` does this too.")
    .action(async () => {
      const options = loadOptions();
      const store = openStore({ ...options, onConnectionError: () => undefined });
      try {
        const applied = await migrate(store.db, store.dialect, Date.now());
        for (const name of applied) print(`applied ${name}`);
        print(`schema ${await schemaNumber(store.db)} is up to date`);
      } finally {
        await store.close();
      }
    });
}
