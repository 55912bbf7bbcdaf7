import { zodResolver } from "@hookform/resolvers/zod";
import { settingsSchema } from "./settings-schema.ts";

export const settingsResolver = zodResolver(settingsSchema);
