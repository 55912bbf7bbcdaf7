import { z } from "zod";

/** What an attempt came to, what it means and what to do. */
export const ExplanationView = z
  .object({
    code: z.string(),
    title: z.string(),
    detail: z.string(),
    action: z.string(),
    action_code: z.string(),
  })
  .meta({ id: "Explanation" });
