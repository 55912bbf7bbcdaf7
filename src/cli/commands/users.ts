import { type Command, Option } from "commander";
import { createUser } from "../../auth/create-user.ts";
import { findAccount, setPassword } from "../../auth/set-password.ts";
import { OPTIONS } from "../../config/options.ts";
import type { Role } from "../../db/schema.ts";
import { askHidden } from "../ask-hidden.ts";
import { UsageError } from "../command-error.ts";
import { type LoadOptions, nameDatabase, withApp, withNewApp } from "../open-app.ts";
import { print } from "../print.ts";
import { readName } from "../read-name.ts";

type CreateOptions = { readonly email: string; readonly name: string; readonly role: Role };

/** Excludes characters that are invisible or change the text's direction, since an email identifies its account. */
const EMAIL = /^[^\s@\p{C}\p{Default_Ignorable_Code_Point}]+@[^\s@\p{C}\p{Default_Ignorable_Code_Point}]+$/u;

const PASSWORD_HELP =
  "\nThe password is read from OPENSEND_PASSWORD, or asked for. It needs 12 characters or more.";

export function addUsers(program: Command, loadOptions: LoadOptions): void {
  const users = program.command("users").description("User accounts.");
  users
    .command("create")
    .description(
      "Create an account. The first account on an instance also creates the workspace and becomes its owner.",
    )
    .requiredOption("--email <email>", "email to sign in with")
    .requiredOption("--name <name>", "name that others see")
    .addOption(
      new Option("--role <role>", "what the account may do")
        .choices(["owner", "admin", "viewer"])
        .makeOptionMandatory(),
    )
    .addHelpText("after", PASSWORD_HELP)
    .action(async (given: CreateOptions) => {
      if (!EMAIL.test(given.email)) throw new UsageError("--email is not an email address.");
      const name = readName(given.name);
      await withNewApp(loadOptions, async ({ context, options }) => {
        const password = options.password ?? (await askHidden("Password: ", OPTIONS.password.name));
        const user = { email: given.email, name, password, role: given.role };
        const created = await createUser(context.services.access.sessions, user, {
          kind: "cli",
          address: null,
        });
        if (created.createdWorkspace) {
          print(`This is the first account in ${nameDatabase(options)}, so its role is owner.`);
        }
        print(`created user ${created.userId}`);
      });
    });
  users
    .command("set-password")
    .description("Set a new password and end all sessions of an account.")
    .requiredOption("--email <email>", "email the account signs in with")
    .addHelpText("after", PASSWORD_HELP)
    .action(async ({ email }: { email: string }) => {
      await withApp(loadOptions, async ({ context, options }) => {
        // Looked up first, so that no one types a password for a missing account.
        const account = await findAccount(context.store.db, email);
        const password = options.password ?? (await askHidden("New password: ", OPTIONS.password.name));
        const ended = await setPassword(context.services.access.sessions, account, password);
        print(`set the password of user ${account.userId}, ended ${ended} sessions`);
      });
    });
}
