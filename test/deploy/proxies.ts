import { execFile, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { until } from "../support/until.ts";

/** The ports of a proxy and of the server behind it. */
export type Ports = { readonly http: number; readonly https: number; readonly port: number };

/** Starts a proxy with its file in `deploy/`. Returns a function that stops it. */
export type StartProxy = (deployDir: string, folder: string, ports: Ports) => Promise<() => Promise<void>>;

const run = promisify(execFile);

/** Runs nginx with its file, changing only the ports and the path of the certificate. */
export const startNginx: StartProxy = async (deployDir, folder, { http, https, port }) => {
  const ssl = join(folder, "ssl");
  mkdirSync(ssl);
  const pair = ["-keyout", join(ssl, "privkey.pem"), "-out", join(ssl, "fullchain.pem")];
  const subject = ["-subj", "/CN=opensend.example.com", "-days", "2"];
  await run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...pair, ...subject]);
  const site = readFileSync(join(deployDir, "nginx", "opensend.conf"), "utf8")
    .replace("listen 80;", `listen 127.0.0.1:${http};`)
    .replace("listen 443 ssl;", `listen 127.0.0.1:${https} ssl;`)
    .replaceAll("/etc/ssl/opensend/", `${ssl}/`)
    .replace("127.0.0.1:3015", `127.0.0.1:${port}`);
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${join(folder, name)};`)
    .join(" ");
  // If root starts nginx, its workers run as another user, who has no access to the folder.
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const file = join(folder, "nginx.conf");
  writeFileSync(
    file,
    `${user} daemon off; pid ${join(folder, "nginx.pid")}; error_log stderr;\nevents {}\nhttp { access_log off; ${places}\n${site}}\n`,
  );
  return untilServing("nginx", ["-c", file, "-e", "stderr"], http);
};

/** Runs Caddy with its file, preceded by options for the ports and for its own certificate. */
export const startCaddy: StartProxy = async (deployDir, folder, { http, https, port }) => {
  const site = readFileSync(join(deployDir, "caddy", "Caddyfile"), "utf8").replace(
    "127.0.0.1:3015",
    `127.0.0.1:${port}`,
  );
  const options = [
    `http_port ${http}`,
    `https_port ${https}`,
    "local_certs",
    "skip_install_trust",
    "admin off",
    `storage file_system ${join(folder, "caddy")}`,
    "log {\nlevel ERROR\n}",
  ];
  const file = join(folder, "Caddyfile");
  writeFileSync(file, `{\n${options.join("\n")}\n}\n${site}`);
  const flags = ["--config", file, "--adapter", "caddyfile"];
  return untilServing("caddy", ["run", ...flags], http);
};

/** The Traefik program, `traefik` unless TRAEFIK_PATH names another. */
export const TRAEFIK = process.env["TRAEFIK_PATH"] ?? "traefik";

/** Runs Traefik with both files, except for their ports and folder, and with a self-signed certificate. */
export const startTraefik: StartProxy = async (deployDir, folder, { http, https, port }) => {
  const read = (name: string) => readFileSync(join(deployDir, "traefik", name), "utf8");
  const routes = read("opensend.yml").replace("127.0.0.1:3015", `127.0.0.1:${port}`);
  writeFileSync(join(folder, "opensend.yml"), routes);
  const main = read("traefik.yml")
    .replace("address: :80", `address: 127.0.0.1:${http}`)
    .replace("address: :443", `address: 127.0.0.1:${https}`)
    .replaceAll("/etc/traefik/", `${folder}/`)
    .replace("    acme:\n", "    acme:\n      caServer: http://127.0.0.1:9/\n");
  const file = join(folder, "traefik.yml");
  writeFileSync(file, `${main}\nglobal:\n  checkNewVersion: false\n  sendAnonymousUsage: false\n`);
  return untilServing(TRAEFIK, [`--configfile=${file}`], http);
};

async function untilServing(program: string, args: readonly string[], httpPort: number) {
  const child = spawn(program, args, { stdio: "inherit" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await until(() => {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}.`);
    return fetch(`http://127.0.0.1:${httpPort}/`, { redirect: "manual" }).then(
      () => true,
      () => false,
    );
  }, `${program} listens`);
  return async () => {
    child.kill("SIGTERM");
    await ended;
  };
}
