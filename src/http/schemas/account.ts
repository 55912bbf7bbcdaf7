import { z } from "zod";
import { PASSWORD_LENGTH_MAX } from "../../auth/people.ts";
import { newPassword } from "./session.ts";
import { line, uuid } from "./shared.ts";

export const AccountAnswer = z
  .object({
    object: z.literal("account"),
    data: z.object({ id: uuid, name: z.string(), email: z.string() }),
  })
  .meta({ id: "AccountAnswer" });

export const AccountBody = z
  .strictObject({ name: line({ min: 1, max: 100 }) })
  .meta({ id: "UpdateAccountRequest" });

export const PasswordBody = z
  .strictObject({
    current_password: z
      .string()
      .min(1, "Enter your current password.")
      .max(PASSWORD_LENGTH_MAX)
      .meta({ writeOnly: true }),
    new_password: newPassword,
  })
  .meta({ id: "ChangePasswordRequest" });
