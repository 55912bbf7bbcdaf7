import type { ErrorCode, FieldError } from "../domain/errors.ts";
import type { NewEvent } from "../domain/read-event.ts";

/** Requests to the thread that parses long bodies. Chunks arrive in order; after `read` or `drop` the id is free. */
export type LongBodyRequest =
  | { readonly what: "chunk"; readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly what: "read"; readonly id: number; readonly as: "one" | "batch"; readonly now: number }
  | { readonly what: "next"; readonly id: number }
  | { readonly what: "drop"; readonly id: number };

/**
 * The thread's responses: one for each `read` and each `next`. Events return in slices that are quick to deserialize.
 */
export type LongBodyResponse = { readonly id: number } & (
  | { readonly what: "events"; readonly events: readonly NewEvent[]; readonly isLast: boolean }
  | {
      readonly what: "refused";
      readonly code: ErrorCode;
      readonly detail: string;
      readonly fields: readonly FieldError[];
    }
  | { readonly what: "failed"; readonly reason: string }
);
