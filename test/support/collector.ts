import { startTestReceiver, type TestReceiver } from "./receiver.ts";

export type CollectedSpan = {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** 2 is an error (OTLP status code). */
  readonly statusCode: number;
  readonly nanoseconds: bigint;
};

type Pairs = readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];

/** The parts of an OTLP/HTTP JSON request that tests read. */
type ExportRequest = {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Pairs };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly name: string;
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly attributes: Pairs;
        readonly status: { readonly code?: number };
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
      }[];
    }[];
  }[];
};

/** Replaces an OpenTelemetry collector, and decodes the spans it receives. */
export async function startCollector(): Promise<{
  readonly url: string;
  readonly requests: TestReceiver["received"];
  readonly spans: () => readonly CollectedSpan[];
  /** From the first request. */
  readonly resource: () => Readonly<Record<string, unknown>>;
  readonly close: () => Promise<void>;
}> {
  const receiver = await startTestReceiver();
  receiver.respond = (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end("{}");
  };
  const exported = () =>
    receiver.received.flatMap(({ body }) => (JSON.parse(body) as ExportRequest).resourceSpans);
  return {
    url: receiver.url,
    requests: receiver.received,
    resource: () => readPairs(exported()[0]?.resource.attributes ?? []),
    spans: () =>
      exported().flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap(({ spans }) =>
          spans.map((span) => ({
            ...span,
            parentSpanId: span.parentSpanId ?? "",
            attributes: readPairs(span.attributes),
            statusCode: span.status.code ?? 0,
            nanoseconds: BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano),
          })),
        ),
      ),
    close: receiver.close,
  };
}

function readPairs(pairs: Pairs): Readonly<Record<string, unknown>> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]));
}
