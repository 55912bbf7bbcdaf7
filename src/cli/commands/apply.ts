import type { Command } from "commander";
import { readProcessEnvironment } from "../../config/load.ts";
import { countSteps, describeStep } from "../apply/describe-step.ts";
import { planSteps, type Step } from "../apply/plan.ts";
import { readConfig } from "../apply/read-config.ts";
import { envFileOf } from "../base-program.ts";
import { type LoadClientOptions, openServer } from "../client/client.ts";
import { confirm } from "../client/confirm.ts";
import { JSON_OPTION, printJson } from "../client/output.ts";
import { readInput } from "../client/read-input.ts";
import { CommandError } from "../command-error.ts";
import { print } from "../print.ts";

type ApplyOptions = {
  readonly file: string;
  readonly prune?: true;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
};

const HELP = `
Shows what would change and asks, unless --yes is given; --dry-run only shows it.
\${NAME} in the file is replaced with the environment variable, or with the
content of the file that NAME_FILE names. Secrets are compared by the server and
never shown.`;

export function addApply(program: Command, load: LoadClientOptions): void {
  program
    .command("apply")
    .description("Bring the connections and API keys of a server to what a file says.")
    .option("-f, --file <file>", "YAML file, - for standard input", "opensend.yaml")
    .option("--prune", "disconnect connections that have an external id and are not in the file")
    .option("--dry-run", "only show what would change")
    .option("--yes", "do not ask")
    .option(...JSON_OPTION)
    .addHelpText("after", HELP)
    .action(async (given: ApplyOptions) => {
      const server = openServer(load);
      const name = given.file === "-" ? "Standard input" : given.file;
      const environment = readProcessEnvironment(envFileOf(program));
      const config = await readConfig(readInput(given.file), name, environment);
      for (const note of config.notes) console.error(note);
      const steps = await planSteps(server, config, given.prune === true);
      showPlan(steps, given);
      if (steps.length === 0 || given.dryRun === true) return;
      if (given.yes !== true && !(await confirm("Apply this?"))) return;
      await runSteps(steps);
      if (given.json !== true) print(`Applied ${steps.length} of ${steps.length} steps.`);
    });
}

function showPlan(steps: readonly Step[], { json }: ApplyOptions): void {
  if (json === true) {
    for (const { action, kind, id, changes } of steps) printJson({ action, kind, id, changes });
    return;
  }
  if (steps.length === 0) print("Nothing to do: everything is as the file says.");
  else print([...steps.map(describeStep), `Plan: ${countSteps(steps)}.`].join("\n"));
}

/** Runs steps one at a time in the order of the plan, so that a failure shows how far it got. */
async function runSteps(steps: readonly Step[]): Promise<void> {
  for (const [done, { kind, id, run }] of steps.entries()) {
    await run().catch((error: unknown) => {
      if (!(error instanceof CommandError)) throw error;
      throw new CommandError(
        `${kind} ${id}: ${error.message}\n${done} of ${steps.length} steps are done. Run the command again when the cause is removed.`,
        { cause: error },
      );
    });
  }
}
