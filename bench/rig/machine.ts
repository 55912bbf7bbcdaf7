import { statfsSync } from "node:fs";
import { arch, cpus, platform, release, tmpdir, totalmem } from "node:os";

/** The properties of the machine that affect the figures. */
export function describeMachine() {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryMb: Math.round(totalmem() / 2 ** 20),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    sqlite: process.versions.sqlite,
    // `statfs(2)` distinguishes a disk from memory (0x01021994), where a commit costs next to nothing.
    databaseFileSystem: `0x${statfsSync(tmpdir()).type.toString(16)}`,
    at: new Date().toISOString(),
  };
}
