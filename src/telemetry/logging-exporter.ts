import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";

/** Called once when exports begin to fail, and once when they succeed again; never with a header or a body. */
export type ExportNotices = { readonly failed: (reason: string) => void; readonly recovered: () => void };

/** Logs failed exports, and hides them from the processor, whose own complaints are not logged. */
export class LoggingExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #notices: ExportNotices;
  #isFailing = false;

  constructor(exporter: SpanExporter, notices: ExportNotices) {
    this.#exporter = exporter;
    this.#notices = notices;
  }

  export(spans: ReadableSpan[], onResult: (result: ExportResult) => void): void {
    this.#exporter.export(spans, (result) => {
      this.#report(result);
      onResult({ code: ExportResultCode.SUCCESS });
    });
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  #report({ code, error }: ExportResult): void {
    const fails = code !== ExportResultCode.SUCCESS;
    if (fails && !this.#isFailing) this.#notices.failed(reasonOf(error));
    if (!fails && this.#isFailing) this.#notices.recovered();
    this.#isFailing = fails;
  }
}

/** A status or a system code such as ECONNREFUSED, since the error's text can repeat the collector's response. */
function reasonOf(error: Error | undefined): string {
  const code: unknown = error === undefined ? undefined : Reflect.get(error, "code");
  if (typeof code === "number") return `the collector responded with ${code}`;
  return typeof code === "string" && code !== "" ? code : "the collector did not respond";
}
