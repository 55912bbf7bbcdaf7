import { zodResolver } from "@hookform/resolvers/zod";
import { connectSchema } from "./connection-fields.ts";

export const connectResolver = zodResolver(connectSchema);
