import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { SamplerName } from "../config/tracing-values.ts";
import { createSampler } from "./create-sampler.ts";
import { type ExportNotices, LoggingExporter } from "./logging-exporter.ts";
import { traceAccepting } from "./trace-accepting.ts";
import { traceAttempt } from "./trace-attempt.ts";
import type { Tracing } from "./tracing.ts";

export type TracingSettings = {
  /** The complete URL that spans are posted to. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly resourceAttributes: Readonly<Record<string, string>>;
  readonly sampler: { readonly name: SamplerName; readonly ratio: number };
  /** OpenSend's version. */
  readonly version: string;
};

/** How long a stopping process waits for a collector that does not respond. */
const EXPORT_WITHIN_MS = 5_000;
/** About 10 MB; spans beyond this are dropped. */
const SPANS_WAITING_MAX = 8_192;
const SPANS_PER_EXPORT_MAX = 1_024;
const EXPORT_EVERY_MS = 2_000;

/** Loaded only if traces are exported. Sets nothing global, so that no package traces by itself. */
export function openTracing(settings: TracingSettings, notices: ExportNotices): Tracing {
  const exporter = new OTLPTraceExporter({
    url: settings.url,
    headers: { ...settings.headers },
    timeoutMillis: EXPORT_WITHIN_MS,
  });
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        "service.version": settings.version,
        ...settings.resourceAttributes,
        "service.name": settings.serviceName,
      }),
    ),
    sampler: createSampler(settings.sampler.name, settings.sampler.ratio),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new LoggingExporter(exporter, notices),
        maxQueueSize: SPANS_WAITING_MAX,
        maxExportBatchSize: SPANS_PER_EXPORT_MAX,
        scheduledDelayMillis: EXPORT_EVERY_MS,
        exportTimeoutMillis: EXPORT_WITHIN_MS,
      }),
    ],
  });
  const tracer = provider.getTracer("opensend", settings.version);
  return {
    traceAttempt: (delivery) => traceAttempt(tracer, delivery),
    traceAccepting: (acceptor) => traceAccepting(tracer, acceptor),
    close: () => provider.shutdown().catch(() => undefined),
  };
}
