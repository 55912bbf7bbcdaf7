import { z } from "zod";
import { webhookUrl } from "./connection-bodies.ts";
import { pageQuery } from "./shared.ts";

const FOUND_MAX = 100;
export const FindBody = z
  .strictObject({
    webhook_url: webhookUrl,
    limit: z.int().min(1).max(FOUND_MAX).default(50),
    cursor: pageQuery.cursor,
  })
  .meta({ id: "FindConnectionsRequest" });
