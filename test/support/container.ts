import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Process ids and a host name of its own, on this machine's network, as a container with `network_mode: host` has them. */
const UNSHARE = ["unshare", "--user", "--map-root-user", "--pid", "--uts", "--fork", "--mount-proc"];

/** For `skip`: why containers cannot be had on this machine, or false. With CI=true nothing is skipped. */
export const containersMissing: string | false =
  process.env["CI"] !== "true" && spawnSync("unshare", [...UNSHARE.slice(1), "true"]).status !== 0
    ? "needs unshare, and the right to use it"
    : false;

/** What to put before a command so that it runs in a container: there it is process 1, and the host has this name. */
export function inContainer(hostName: string): readonly string[] {
  return [...UNSHARE, "sh", "-c", 'hostname "$0" && exec "$@"', hostName];
}

/** The process at the end of a chain in which each has one child, by its id outside of containers. */
export function innermostPid(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? pid : innermostPid(Number(children.split(" ")[0]));
}
