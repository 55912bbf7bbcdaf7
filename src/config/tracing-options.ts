import type { Option } from "./option.ts";
import { parseSwitch, parseText } from "./parse-option.ts";
import {
  parseHeaderPairs,
  parsePairs,
  parseRatio,
  parseSampler,
  parseTracesEndpoint,
  type SamplerName,
} from "./tracing-values.ts";

/** The supported variables of OpenTelemetry's specification. */
export const TRACING_OPTIONS = {
  tracesUrl: {
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    group: "tracing",
    parse: parseTracesEndpoint,
    fallback: null as string | null,
    fallbackText: "not set: nothing is traced",
    secret: false,
    // The URL can contain a user and password.
    show: (url: string | null) => (url === null ? "not set" : new URL(url).origin),
    text: "OpenTelemetry collector for [traces](traces.md), such as `http://127.0.0.1:4318`. Spans are posted to `/v1/traces` below it as JSON (OTLP/HTTP).",
  },
  tracesHeaders: {
    name: "OTEL_EXPORTER_OTLP_HEADERS",
    group: "tracing",
    parse: parseHeaderPairs,
    fallback: null as Readonly<Record<string, string>> | null,
    fallbackText: "none",
    secret: true,
    text: "Headers for the collector: `name=value` pairs with commas between, values percent-encoded.",
  },
  serviceName: {
    name: "OTEL_SERVICE_NAME",
    group: "tracing",
    parse: parseText,
    fallback: "opensend",
    fallbackText: "`opensend`",
    secret: false,
    text: "Name of the service in traces.",
  },
  resourceAttributes: {
    name: "OTEL_RESOURCE_ATTRIBUTES",
    group: "tracing",
    parse: parsePairs,
    fallback: null as Readonly<Record<string, string>> | null,
    fallbackText: "none",
    secret: false,
    show: (pairs: Readonly<Record<string, string>> | null) => Object.keys(pairs ?? {}).join(","),
    text: "More about this process, such as `deployment.environment.name=staging`, written like the headers.",
  },
  tracesSampler: {
    name: "OTEL_TRACES_SAMPLER",
    group: "tracing",
    parse: parseSampler,
    fallback: "parentbased_always_on" as SamplerName,
    fallbackText: "`parentbased_always_on`",
    secret: false,
    text: "Which traces are exported: `always_on`, `always_off`, `traceidratio`, or one of them with `parentbased_` in front, which follows the sender's decision if the event came with a `traceparent`.",
  },
  tracesSamplerRatio: {
    name: "OTEL_TRACES_SAMPLER_ARG",
    group: "tracing",
    parse: parseRatio,
    fallback: null as number | null,
    fallbackText: "`1`",
    secret: false,
    text: "Part of the traces that `traceidratio` exports, from 0 to 1.",
  },
  isTracingDisabled: {
    name: "OTEL_SDK_DISABLED",
    group: "tracing",
    parse: parseSwitch,
    fallback: false,
    fallbackText: "`false`",
    secret: false,
    text: "`true` turns traces off, whatever the other variables say.",
  },
} as const satisfies Record<string, Option<unknown>>;
