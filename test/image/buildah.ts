import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** As the Dockerfile names it. */
export const BASE_IMAGE = "docker.io/library/node:24-bookworm-slim";
export const IMAGE = "localhost/opensend";

/** Debian's buildah with images in a folder of its own, without an engine and without rights that a container has not. */
export class Buildah {
  readonly #flags: readonly string[];

  constructor(folder: string) {
    this.#flags = ["--storage-driver", "vfs", "--root", `${folder}/store`, "--runroot", `${folder}/run`];
  }

  /** What a command prints, without the line break at its end. */
  async call(command: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await run("buildah", [...this.#flags, command, ...args], {
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    return stdout.trimEnd();
  }

  /** Builds the project's image; what the steps print goes to this process's output when they fail. */
  async build(contextDir: string, image: string): Promise<void> {
    const args = [
      "bud",
      "--isolation",
      "chroot",
      "--pull-never",
      "--format",
      "docker",
      "--tag",
      image,
      contextDir,
    ];
    const child = spawn("buildah", [...this.#flags, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    const code = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (code !== 0) throw new Error(`buildah bud ended with ${String(code)}:\n${output}`);
  }

  /** The settings that an engine starts the image with. */
  async settings(image: string): Promise<ImageSettings> {
    const { Docker } = JSON.parse(await this.call("inspect", "--type", "image", image)) as {
      Docker: { config: ImageSettings };
    };
    return Docker.config;
  }
}

export type ImageSettings = {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly Volumes: Readonly<Record<string, unknown>>;
  readonly ExposedPorts: Readonly<Record<string, unknown>>;
  readonly Healthcheck?: { readonly Test: readonly string[] };
};
