import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { opensendSignature } from "../src/crypto/opensend-signature.ts";
import { pageProgram } from "./snippets/page-program.ts";
import { pageScript, type Stage } from "./snippets/page-script.ts";
import { isProjectCommand, readSnippets, type Snippet } from "./snippets/read-snippets.ts";
import { type ApiClient, setUpOwner } from "./support/api-client.ts";
import { needs } from "./support/needs.ts";
import { type Received, startTestReceiver, type TestReceiver } from "./support/receiver.ts";
import { freePort, type RunningServer, startServer } from "./support/server.ts";
import { until } from "./support/until.ts";

/**
 * Runs every block of commands and code in the documents, in page order, against a real server and receiver.
 * A block that cannot be run says why in a comment above: `<!-- not run: <reason> -->`.
 */
const PROJECT_DIR = join(import.meta.dirname, "..");
const DOCUMENTS = [
  "*.md",
  "docs/*.md",
  "docs/guides/*.md",
  "examples/{,*/}README.md",
  "{clients,integrations}/*/README.md",
];
/** Files that the commands of a page find in their working folder. */
const PROJECT_FILES = ["package.json", "bin", "src", "dist", "examples", "node_modules", "docs-site"];
/** Valid for both signature schemes. */
const SECRET = `whsec_${Buffer.alloc(32, "opensend").toString("base64")}`;
const PLAIN_SECRET = "optional-shared-secret";
const WITHOUT_PREFIX = "a receiver without whsec_";
const RUNTIMES: Readonly<Record<string, string>> = { js: process.execPath, python: "python3" };

const snippets = globSync(DOCUMENTS, { cwd: PROJECT_DIR })
  .sort()
  .flatMap((path) => readSnippets(path, readFileSync(join(PROJECT_DIR, path), "utf8")));
const runnable = snippets.filter(
  (snippet) => snippet.remark?.kind !== "not run" && !isProjectCommand(snippet),
);
const of = (language: string, as: string | null = null) =>
  runnable.filter((one) => one.language === language && (one.remark?.text ?? null) === as);
const titleOf = ({ path, line }: Snippet) => `${path}:${line}`;

describe("the code blocks of the documents", {
  skip: needs("bash", "curl", "npm", "openssl", "python3"),
}, () => {
  let server: RunningServer;
  let client: ApiClient;
  let receiver: TestReceiver;
  let key: string;
  before(async () => {
    [server, receiver] = await Promise.all([startServer(), startTestReceiver()]);
    client = await setUpOwner(server);
    const { body } = await client.post("/api/api-keys", { name: "Documents", access: "full_access" });
    key = body.key;
  });
  after(() => Promise.all([server.stop(), receiver.close()]));

  const connect = async (webhookUrl: string, secret: string) => {
    const response = await client.post("/api/integrations/webhook", {
      name: "Documents",
      webhook_url: webhookUrl,
      signing_secret: secret,
    });
    assert.equal(response.status, 201, response.text);
    return response.body.data.id as string;
  };
  const sendTest = async (id: string) =>
    (await client.post(`/api/integrations/connections/${id}/test`)).body.delivery;

  const sendRequest = async (secret = SECRET) => {
    const { event_id: id } = await sendTest(await connect(`${receiver.url}/page`, secret));
    const request = receiver.received.find(({ headers }) => headers["webhook-id"] === id);
    assert.ok(request !== undefined);
    return { body: request.body, headers: request.headers };
  };

  for (const [path, blocks] of Map.groupBy(of("bash"), (one) => one.path)) {
    test(`of commands in ${path} run as printed`, async (t) => {
      const folder = workingFolder();
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      const stage: Stage = {
        serverUrl: server.url,
        receiverUrl: receiver.url,
        dataDir: server.dataDir,
      };
      const home = homeFolder(folder, key);
      writeFileSync(join(folder, "webhook-url.txt"), `${receiver.url}/file\n`);
      for (const { code } of of("yaml").filter((one) => one.path === path)) {
        const name = /^# (\S+\.yaml)\n/.exec(code)?.[1];
        if (name !== undefined) writeFileSync(join(folder, name), code);
      }
      const environment = {
        HOME: home,
        CRM_WEBHOOK_URL: `${receiver.url}/crm`,
        CRM_SIGNING_SECRET: SECRET,
        WAREHOUSE_WEBHOOK_URL: `${receiver.url}/warehouse`,
        OPENSEND_DATA_DIR: server.dataDir,
        OPENSEND_URL: server.url,
        OPENSEND_API_KEY: key,
        CONNECTION_ID: await connect(receiver.url, SECRET),
      };
      await run("bash", ["-c", pageScript(blocks, stage)], folder, environment);
    });
  }

  test("of the quickstart deliver an event with a valid signature", async () => {
    const isOrder = ({ body }: Received) => body.startsWith('{"type":"order.paid"');
    await until(() => receiver.received.some((one) => isOrder(one) && isSigned(one)));
  });

  for (const snippet of [...of("js"), ...of("js", WITHOUT_PREFIX)]) {
    test(`of JavaScript at ${titleOf(snippet)} accept a request that OpenSend has sent`, async () => {
      const secret = snippet.remark === null ? SECRET : PLAIN_SECRET;
      const given = `Object.assign(globalThis, ${JSON.stringify(await sendRequest(secret))});`;
      const preload = `data:text/javascript,${encodeURIComponent(given)}`;
      const args = ["--import", preload, "--input-type=module", "-e", snippet.code];
      await run(process.execPath, args, PROJECT_DIR, { OPENSEND_SIGNING_SECRET: secret });
    });
  }

  for (const language of ["ts", "python"]) {
    for (const [path, blocks] of Map.groupBy(of(language), (one) => one.path)) {
      test(`of ${language} in ${path} run as one program`, async (t) => {
        const folder = workingFolder();
        t.after(() => rmSync(folder, { recursive: true, force: true }));
        const surroundings = { ...(await sendRequest()), secret: SECRET, receiverUrl: receiver.url };
        const program = pageProgram(PROJECT_DIR, blocks, surroundings);
        writeFileSync(join(folder, program.file), program.text);
        await run(program.command, [program.file], folder, {
          ...program.environment,
          OPENSEND_URL: server.url,
          OPENSEND_API_KEY: key,
          OPENSEND_SIGNING_SECRET: SECRET,
        });
      });
    }
  }

  for (const snippet of Object.keys(RUNTIMES).flatMap((language) => of(language, "a receiver"))) {
    test(`of a receiver at ${titleOf(snippet)} accept only requests that OpenSend has signed`, async (t) => {
      const folder = workingFolder();
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      const url = await startReceiver(t, snippet, folder);
      const tested = await sendTest(await connect(`${url}/hook`, PLAIN_SECRET));
      assert.equal(tested.status, 200, JSON.stringify(tested.error));
      const forged = await sendTest(await connect(`${url}/hook`, "another secret"));
      assert.equal(forged.status, 401);
    });
  }

  for (const [path, blocks] of Map.groupBy(of("sql"), (one) => one.path)) {
    test(`of SQL in ${path} run`, () => {
      const database = new DatabaseSync(":memory:");
      for (const { code } of blocks) database.exec(code);
      database.close();
    });
  }

  test("of JSON are valid JSON", () => {
    for (const snippet of snippets.filter(({ language }) => language === "json")) {
      assert.doesNotThrow(() => JSON.parse(snippet.code), titleOf(snippet));
    }
  });

  test("of files equal the files without their leading comments", () => {
    const shown = snippets.filter(({ remark }) => remark?.kind === "file");
    assert.ok(shown.length > 0);
    for (const snippet of shown) {
      const file = readFileSync(join(PROJECT_DIR, snippet.remark?.text ?? ""), "utf8");
      assert.equal(snippet.code, file.replace(/^(?:#.*\n)+/, ""), titleOf(snippet));
    }
  });

  test("are all run, or say why not", () => {
    const isCode = /^(?:bash|sh|js|javascript|ts|typescript|python|go|sql)$/;
    const ran = new Set([
      ...of("bash"),
      ...of("js"),
      ...of("js", WITHOUT_PREFIX),
      ...Object.keys(RUNTIMES).flatMap((language) => of(language, "a receiver")),
      ...["ts", "python", "sql"].flatMap((language) => of(language)),
    ]);
    const left = runnable.filter((one) => isCode.test(one.language) && !ran.has(one)).map(titleOf);
    assert.deepEqual(left, [], "add <!-- not run: <reason> --> above, or a way to run them");
  });
});

function isSigned({ headers, body }: Received): boolean {
  const signature = opensendSignature(PLAIN_SECRET, Number(headers["x-opensend-timestamp"]), body);
  return headers["x-opensend-signature"] === signature;
}

/** A home folder with the command line's key where the documents put it. */
function homeFolder(folder: string, key: string): string {
  const home = join(folder, "home");
  mkdirSync(join(home, ".config", "opensend"), { recursive: true });
  writeFileSync(join(home, ".config", "opensend", "key"), `${key}\n`, { mode: 0o600 });
  return home;
}

/** A folder like a checkout that commands can write into. */
function workingFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "opensend-test-"));
  for (const name of PROJECT_FILES) symlinkSync(join(PROJECT_DIR, name), join(folder, name));
  return folder;
}

async function startReceiver(
  t: { after(end: () => void): void },
  { language, code }: Snippet,
  folder: string,
): Promise<string> {
  const port = await freePort();
  const file = join(folder, `receiver.${language === "js" ? "mjs" : "py"}`);
  writeFileSync(file, code);
  const { PATH } = process.env;
  const child = spawn(RUNTIMES[language] ?? "", [file], {
    cwd: folder,
    env: { PATH, PORT: String(port), OPENSEND_SIGNING_SECRET: PLAIN_SECRET },
    stdio: "ignore",
  });
  t.after(() => child.kill());
  const url = `http://127.0.0.1:${port}`;
  await until(async () => {
    const response = await fetch(url, { method: "POST", body: "{}" }).catch(() => null);
    return response?.status === 401;
  });
  return url;
}

/** Rejects with the whole output if the command fails. */
async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  environment: Record<string, string>,
): Promise<void> {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(command, [...args], {
    cwd,
    env: { PATH, HOME, TMPDIR, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const pipe of [child.stdout, child.stderr]) {
    pipe.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  assert.equal(code, 0, output);
}
