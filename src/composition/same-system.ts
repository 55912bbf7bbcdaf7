import { readFileSync, readlinkSync } from "node:fs";

/**
 * The scope in which this process's id is valid: the running system (its boot) and the PID namespace in it. Processes
 * with the same scope see each other's ids. Empty on systems other than Linux, and without /proc.
 */
export function readPidScope(): string {
  try {
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${bootId}/${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return "";
  }
}

/** Whether a process of this PID namespace is still running. An id that was reused counts as running. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process exists but cannot be signaled.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
