import { z } from "zod";

/** The outcome of an attempt, its meaning and what to do. */
export const ExplanationView = z
  .object({
    code: z.string(),
    title: z.string(),
    detail: z.string(),
    action: z.string(),
    action_code: z.string(),
  })
  .meta({ id: "Explanation" });
