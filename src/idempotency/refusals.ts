import { OpenSendError } from "../domain/errors.ts";

const IN_USE_RETRY_S = 2;

export function keyReused(): OpenSendError {
  return new OpenSendError(
    "idempotency_key_reused",
    "This Idempotency-Key came earlier with another method, path or body. Use a new key for a new request.",
  );
}

export function keyInUse(): OpenSendError {
  return new OpenSendError(
    "idempotency_key_in_use",
    "The first request with this Idempotency-Key is still running. Repeat this one later to get its result.",
    { retryAfterSeconds: IN_USE_RETRY_S },
  );
}

/** The object of the first request is gone, so its current state is unknown. */
export function resultDeleted(): OpenSendError {
  return new OpenSendError(
    "not_found",
    "The first request with this Idempotency-Key succeeded, but its object has been deleted since. Nothing was done again.",
  );
}
