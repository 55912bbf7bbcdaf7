import { readdirSync, readFileSync } from "node:fs";

/** Memory of processes as counted by the kernel; unknown on systems without /proc. */
export type Memory = { readonly residentMb: number; readonly peakMb: number };

const TICKS_PER_SECOND = 100;
const KB_PER_MB = 1024;

/** CPU seconds of these processes since their start, user and system; null if they cannot be read. */
export function cpuSeconds(pids: readonly number[]): number | null {
  const stats = pids.map(readStat);
  if (stats.includes(null)) return null;
  return stats.reduce((sum, stat) => sum + (stat?.ownTicks ?? 0), 0) / TICKS_PER_SECOND;
}

/** Bytes that these processes have caused to be written to storage since their start; null if they cannot be read. */
export function writtenBytes(pids: readonly number[]): number | null {
  const texts = pids.map((pid) => read(`/proc/${pid}/io`));
  if (texts.includes(null)) return null;
  return texts.reduce((sum, text) => sum + Number(/^write_bytes: (\d+)/m.exec(text ?? "")?.[1] ?? 0), 0);
}

/** A process and its living children, such as PostgreSQL with its backends. */
export function familyOf(parent: number): readonly number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return [parent, ...pids.map(Number).filter((pid) => parentOf(pid) === parent)];
}

/** CPU seconds of a process and its children, including children that have ended. */
export function familyCpuSeconds(parent: number): number | null {
  const own = readStat(parent);
  if (own === null) return null;
  const [, ...children] = familyOf(parent).map(readStat);
  const ticks = children.reduce((sum, stat) => sum + (stat?.ownTicks ?? 0), own.ownTicks + own.reapedTicks);
  return ticks / TICKS_PER_SECOND;
}

export function parentOf(pid: number): number | null {
  return readStat(pid)?.parent ?? null;
}

/** Memory of the largest of these processes: resident now, and its peak since the start. */
export function memory(pids: readonly number[]): Memory | null {
  const each = pids.map(readMemory);
  if (each.includes(null)) return null;
  return {
    residentMb: Math.max(...each.map((one) => one?.residentMb ?? 0)),
    peakMb: Math.max(...each.map((one) => one?.peakMb ?? 0)),
  };
}

function readMemory(pid: number): Memory | null {
  const text = read(`/proc/${pid}/status`);
  if (text === null) return null;
  const kb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0);
  return { residentMb: kb("VmRSS") / KB_PER_MB, peakMb: kb("VmHWM") / KB_PER_MB };
}

type Stat = { readonly parent: number; readonly ownTicks: number; readonly reapedTicks: number };

/** `proc_pid_stat(5)`: the name in parentheses can contain spaces, so fields are counted from its end. */
function readStat(pid: number): Stat | null {
  const text = read(`/proc/${pid}/stat`);
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  return { parent: field(4), ownTicks: field(14) + field(15), reapedTicks: field(16) + field(17) };
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
