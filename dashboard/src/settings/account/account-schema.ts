import { lineChecks } from "../../forms/line.ts";
import { z } from "../../forms/schema.ts";
import { newPassword } from "../../session/credentials-schema.ts";

const NAME_LENGTH_MAX = 100;

export const nameSchema = z.object({
  name: z.string().check(...lineChecks(NAME_LENGTH_MAX), z.minLength(1, "Enter your name.")),
});

export const passwordSchema = z.object({
  current_password: z.string().check(z.minLength(1, "Enter your current password.")),
  new_password: newPassword,
});

export type NameValues = z.infer<typeof nameSchema>;
export type PasswordValues = z.infer<typeof passwordSchema>;

export const NO_PASSWORDS: PasswordValues = { current_password: "", new_password: "" };
