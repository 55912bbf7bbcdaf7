import { execFile } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { makeSqlite } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";

/**
 * Generates clients from the OpenAPI description that a server serves, compiles each, and calls the server with it.
 * Needs Go, Python, Java and Maven, and downloads the generators.
 *
 *   npm run test:clients -- [client …]
 */
const OAPI_CODEGEN = "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2";
const OPENAPI_GENERATOR = "7.25.0";
const CLIENT_TIMEOUT_MS = 300_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** A folder that contains the client's test program, and a function that runs commands in it. */
type Place = {
  readonly folder: string;
  readonly description: string;
  readonly run: (command: string, ...args: string[]) => Promise<string>;
};
type Failure = Error & { readonly stdout: string };
type Client = (place: Place) => Promise<unknown>;

const CLIENTS: Readonly<Record<string, Client>> = {
  "openapi-typescript": async ({ run }) => {
    await run(process.execPath, join(import.meta.dirname, "openapi-typescript", "call.ts"));
  },
  "oapi-codegen": async ({ folder, description, run }) => {
    const options = ["-generate", "types,client", "-package", "opensend"];
    mkdirSync(join(folder, "opensend"));
    const code = await run("go", "run", OAPI_CODEGEN, ...options, description);
    writeFileSync(join(folder, "opensend", "client.go"), code);
    await runGo(run);
  },
  "openapi-python-client": async ({ folder, description, run }) => {
    const python = await installPython(run);
    const generate = [
      "-m",
      "openapi_python_client",
      "generate",
      "--meta",
      "none",
      "--fail-on-warning",
      "--config",
      "config.yml",
    ];
    await run(python, ...generate, "--path", description, "--output-path", join(folder, "open_send_client"));
    await run(python, "call.py");
  },
  "openapi-generator-go": async (place) => {
    await generate(place, "go", "opensend", "packageName=opensend");
    // The generated code is part of the program's module.
    for (const name of ["go.mod", "go.sum"]) rmSync(join(place.folder, "opensend", name), { force: true });
    await runGo(place.run);
  },
  "openapi-generator-python": async (place) => {
    const python = await installPython(place.run);
    await generate(place, "python", ".", "packageName=opensend");
    await place.run(python, "call.py");
  },
  "openapi-generator-java": async (place) => {
    // Named parameters, so that adding a parameter to a call breaks no program.
    await generate(
      place,
      "java",
      ".",
      "library=native,useBeanValidation=false,useSingleRequestParameter=true",
    );
    copyFileSync(join(place.folder, "Call.java"), join(place.folder, "src/main/java/Call.java"));
    const quiet = ["-q", "-B", "-Dmaven.test.skip=true"];
    await place.run("mvn", ...quiet, "compile", "dependency:copy-dependencies");
    await place.run("java", "-cp", "target/classes:target/dependency/*", "Call");
  },
  // Not a client: it sends 3,000 requests, some that the description allows and some that it forbids.
  schemathesis: async ({ description, run }) => {
    await installPython(run);
    await run("venv/bin/schemathesis", "run", description, "--max-examples", "30", "--no-color");
  },
};

async function runGo(run: Place["run"]): Promise<void> {
  await run("go", "mod", "tidy");
  await run("go", "vet", "./...");
  await run("go", "run", ".");
}

/** Installs the program's requirements, and returns the Python that has them. */
async function installPython(run: Place["run"]): Promise<string> {
  await run("python3", "-m", "venv", "venv");
  await run("venv/bin/pip", "install", "--quiet", "--requirement", "requirements.txt");
  return "venv/bin/python";
}

async function generate({ description, run }: Place, language: string, folder: string, properties: string) {
  const artifact = `org.openapitools:openapi-generator-cli:${OPENAPI_GENERATOR}`;
  await run("mvn", "-q", "-B", "dependency:copy", `-Dartifact=${artifact}`, "-DoutputDirectory=generator");
  const jar = `generator/openapi-generator-cli-${OPENAPI_GENERATOR}.jar`;
  const wanted = ["--global-property", "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"];
  const options = ["-i", description, "-g", language, "-o", folder, "--additional-properties", properties];
  await run("java", "-jar", jar, "generate", ...options, ...wanted);
}

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !Object.hasOwn(CLIENTS, name));
if (unknown.length > 0) throw new Error(`Choose from ${Object.keys(CLIENTS).join(", ")}.`);

const root = mkdtempSync(join(tmpdir(), "opensend-clients-"));
after(() => rmSync(root, { recursive: true, force: true }));

for (const [name, client] of Object.entries(CLIENTS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  test(name, { timeout: CLIENT_TIMEOUT_MS }, async () => {
    const instance = await startInstance(makeSqlite);
    try {
      await client(await makePlace(name, instance));
    } finally {
      await instance.remove();
    }
  });
}

async function makePlace(name: string, { server, key }: TestInstance): Promise<Place> {
  const folder = join(root, name);
  cpSync(join(import.meta.dirname, name), folder, { recursive: true });
  const description = join(folder, "openapi.json");
  const response = await fetch(`${server.url}/openapi.json`);
  writeFileSync(description, await response.text());
  const env = { ...process.env, OPENSEND_URL: server.url, OPENSEND_API_KEY: key };
  const run: Place["run"] = async (command, ...args) => {
    const options = { cwd: folder, env, maxBuffer: OUTPUT_BYTES_MAX };
    const { stdout } = await promisify(execFile)(command, args, options).catch((error: Failure) => {
      throw new Error(`${error.message}\n${error.stdout}`);
    });
    return stdout;
  };
  return { folder, description, run };
}
