import { z } from "zod";
import { email, newPassword } from "./session.ts";

export const RequestPasswordResetBody = z.strictObject({ email }).meta({ id: "RequestPasswordResetRequest" });

export const PasswordResetAnswer = z
  .object({ object: z.literal("password_reset"), data: z.object({ status: z.literal("accepted") }) })
  .meta({ id: "PasswordResetAnswer" });

export const CompletePasswordResetBody = z
  .strictObject({ token: z.string().min(1).max(200).meta({ writeOnly: true }), password: newPassword })
  .meta({ id: "CompletePasswordResetRequest" });
