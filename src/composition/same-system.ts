import { readFileSync, readlinkSync } from "node:fs";

/**
 * Where this process's id means something: the running system (its boot) and the PID namespace in it. Two processes that read
 * the same here see each other's ids. Linux tells it; elsewhere, and where /proc is not there, it is empty.
 */
export function readPidScope(): string {
  try {
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${bootId}/${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return "";
  }
}

/** Whether a process of this PID namespace is still there. One whose id was given to another counts as still there. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It may not be signaled, but it is there.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
