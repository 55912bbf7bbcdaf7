export type * from "./api.generated.ts";
export { type CallOptions, OpenSend, type OpenSendOptions } from "./client.ts";
export { ApiError, BatchError, NetworkError, OpenSendError, TimeoutError } from "./errors.ts";
export type { IdentifiedEvent, NewEvent } from "./new-event.ts";
export type { Page } from "./pages.ts";
export { SignatureError, type SignatureErrorCode } from "./signature-error.ts";
export { newEventId } from "./uuid-v7.ts";
export { type VerifiedEvent, type VerifyInput, verify } from "./verify.ts";
export { VERSION } from "./version.generated.ts";
