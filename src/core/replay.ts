/**
 * A replay's life: it is `running` until everything it chose has been made due and has had its attempt, then
 * `completed`. A person may pause and resume it, or stop it for good; five failures in a row stop it too, since then
 * the receiver is not mended yet.
 */
export type ReplayStatus = "running" | "paused" | "stopped" | "completed";
export type ReplayStopReason = "manual" | "failures";
