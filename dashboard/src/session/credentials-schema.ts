import { z } from "../forms/schema.ts";

const PASSWORD_LENGTH_MIN = 12;
const PASSWORD_LENGTH_MAX = 128;

export const email = z
  .string()
  .check(
    z.trim(),
    z.minLength(1, "Enter your email."),
    z.email({ error: "This is not an email address.", abort: true }),
  );

export const ownPassword = z.string().check(z.minLength(1, "Enter your password."));

export const signInSchema = z.object({
  email,
  password: ownPassword,
});

export const newPassword = z
  .string()
  .check(
    z.minLength(PASSWORD_LENGTH_MIN, `Use at least ${PASSWORD_LENGTH_MIN} characters.`),
    z.maxLength(PASSWORD_LENGTH_MAX, `Use at most ${PASSWORD_LENGTH_MAX} characters.`),
  );

export const setupSchema = z.object({ email, password: newPassword });

export type Credentials = { email: string; password: string };
