import type { Command } from "commander";
import { JSON_OPTION, printJson } from "../client/output.ts";
import { CommandError } from "../command-error.ts";
import { runChecks } from "../doctor-checks.ts";
import type { Finding } from "../finding.ts";
import type { LoadOptions } from "../open-app.ts";
import { print } from "../print.ts";

const MARKS = { ok: "ok  ", warn: "warn", fail: "FAIL" } as const;

export function addDoctor(program: Command, loadOptions: LoadOptions): void {
  program
    .command("doctor")
    .description(
      "Check database, writes, workers, connections, backlog, sealing key, clock, trusted CAs, egress, mail and port. Changes nothing unless --recount is given.",
    )
    .option("--recount", "count all pending deliveries, and correct the numbers that are shown")
    .option(...JSON_OPTION)
    .action(async ({ recount, json }: { recount?: true; json?: true }) => {
      const findings = await runChecks(loadOptions(), recount === true);
      for (const finding of findings) {
        if (json === true) printJson(finding);
        else printFinding(finding);
      }
      const failed = findings.filter((finding) => finding.state === "fail").length;
      if (failed > 0) throw new CommandError(`${failed} of ${findings.length} checks failed.`);
    });
}

function printFinding({ state, check, text, fix }: Finding): void {
  print(`${MARKS[state]}  ${check}: ${text}`);
  if (fix !== null) print(`      ${fix}`);
}
