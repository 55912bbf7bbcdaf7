import type { SendFailureCode } from "../domain/outcome.ts";

/** A failure that OpenSend decided on, such as a refused address; `detail` is public. */
export class SendError extends Error {
  override readonly name = "SendError";
  readonly failureCode: SendFailureCode;
  readonly detail: string | undefined;

  constructor(failureCode: SendFailureCode, detail?: string) {
    super(detail ?? failureCode);
    this.failureCode = failureCode;
    this.detail = detail;
  }
}
