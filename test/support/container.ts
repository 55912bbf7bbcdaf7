import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Its own process ids and host name, on this machine's network, as in a container with `network_mode: host`. */
const UNSHARE = ["unshare", "--user", "--map-root-user", "--pid", "--uts", "--fork", "--mount-proc"];

/** For `skip`: why containers do not work on this machine, or false. With CI=true nothing is skipped. */
export const containersMissing: string | false =
  process.env["CI"] !== "true" && spawnSync("unshare", [...UNSHARE.slice(1), "true"]).status !== 0
    ? "needs unshare, and the right to use it"
    : false;

/** A prefix that runs a command in a container, where it is process 1 and the host has this name. */
export function inContainer(hostName: string): readonly string[] {
  return [...UNSHARE, "sh", "-c", 'hostname "$0" && exec "$@"', hostName];
}

/** The last process in a chain of only children, by its id outside the container. */
export function innermostPid(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? pid : innermostPid(Number(children.split(" ")[0]));
}
