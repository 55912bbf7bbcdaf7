import type { Logger } from "pino";
import type { Options } from "../config/options.ts";
import type { Tracing } from "../telemetry/tracing.ts";

/** Default ratio of the traces that begin here, for samplers that need one. */
const RATIO_DEFAULT = 1;

/** Loads the exporter of traces; null when tracing is off, and then none of its packages are loaded. */
export async function loadTracing(
  options: Options,
  version: string,
  logger: Pick<Logger, "warn" | "info">,
): Promise<Tracing | null> {
  if (options.tracesUrl === null || options.isTracingDisabled) return null;
  const { openTracing } = await import("../telemetry/open-tracing.ts");
  return openTracing(
    {
      url: options.tracesUrl,
      headers: options.tracesHeaders ?? {},
      serviceName: options.serviceName,
      resourceAttributes: options.resourceAttributes ?? {},
      sampler: { name: options.tracesSampler, ratio: options.tracesSamplerRatio ?? RATIO_DEFAULT },
      version,
    },
    {
      failed: (reason) => logger.warn({ reason }, "traces could not be exported: spans are dropped"),
      recovered: () => logger.info("traces are exported again"),
    },
  );
}
