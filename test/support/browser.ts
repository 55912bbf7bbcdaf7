import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page, type Response } from "playwright-core";

/**
 * Debian's packages. The headless shell has the same engine without the browser UI, and loads a page in half the time.
 */
const DEBIAN_PATHS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
const CHROMIUM_PATH = process.env["CHROMIUM_PATH"] ?? DEBIAN_PATHS.find(existsSync) ?? "/usr/bin/chromium";

const WAIT_MS = 10_000;

/** Stops Chromium's own services from calling home. */
const QUIET = [
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Why browser tests are skipped on this machine, or false. In CI they always run, and fail without a browser. */
export const browserMissing: string | false =
  existsSync(CHROMIUM_PATH) || process.env["CI"] === "true"
    ? false
    : "Chromium is not installed. Set CHROMIUM_PATH to run the browser tests.";

export function launchBrowser(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0; // Chromium's sandbox refuses to run as root
  return chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: isRoot ? ["--no-sandbox", ...QUIET] : QUIET,
  });
}

export type OpenPageOptions = {
  readonly url: string;
  /** Session cookies, in the form of a `cookie` header. */
  readonly cookie?: string | null;
  readonly width?: 1280 | 375;
  /** Statuses from 400 up that the test provokes; any other counts as a fault. */
  readonly expectedStatuses?: readonly number[];
  /** Defaults to the machine's time zone. */
  readonly timezoneId?: string;
  /** Records everything that could leak a secret. Reading every response takes some of the time of a test. */
  readonly recordsTraces?: boolean;
};

/** Text, like all code that runs in the page, because this file is type-checked without the DOM's types. */
const REPORT_CSP_REFUSALS = `
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error("CSP refused " + event.violatedDirective + " " + event.blockedURI);
  });
`;

/** A page whose faults are all recorded. */
export type WatchedPage = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors and warnings, page errors, failed or foreign requests, CSP reports. */
  readonly faults: () => readonly string[];
  /**
   * Everything that could leak a secret: URLs, responses and console messages so far.
   *
   * @throws {Error} Unless the page was opened with `recordsTraces`.
   */
  readonly traces: () => Promise<string>;
  /**
   * Closes the page and opens another one in the same browser context, which has the dashboard's files in its cache.
   * Clears the faults and traces recorded so far.
   */
  readonly anotherPage: (expectedStatuses?: readonly number[]) => Promise<Page>;
  readonly close: () => Promise<void>;
};

/** Opens a page in its own context. `options.url` is the server's; requests to any other host are faults. */
export async function openPage(browser: Browser, options: OpenPageOptions): Promise<WatchedPage> {
  const width = options.width ?? 1280;
  const context = await browser.newContext({
    baseURL: options.url,
    viewport: { width, height: 800 },
    hasTouch: width === 375,
    reducedMotion: "reduce",
    ...(options.timezoneId !== undefined && { timezoneId: options.timezoneId }),
  });
  if (options.cookie) {
    const cookies = options.cookie.split("; ").map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return { name, value: value.join("="), url: options.url };
    });
    await context.addCookies(cookies);
  }
  let expected = new Set((options.expectedStatuses ?? []).map(String));
  const faults: string[] = [];
  const traces: (string | Promise<string>)[] = [];

  await context.addInitScript({ content: REPORT_CSP_REFUSALS });
  context.on("console", (message) => {
    traces.push(message.text());
    const status = /status of (\d{3})/.exec(message.text())?.[1];
    const isProvoked = status !== undefined && expected.has(status);
    if (["error", "warning"].includes(message.type()) && !isProvoked) faults.push(message.text());
  });
  context.on("weberror", (error) => faults.push(`uncaught: ${error.error().message}`));
  context.on("request", (request) => {
    traces.push(request.url());
    if (new URL(request.url()).origin !== new URL(options.url).origin) {
      faults.push(`request to another origin: ${request.url()}`);
    }
  });
  context.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    // Navigating away aborts the requests of the previous page.
    if (reason !== "net::ERR_ABORTED") faults.push(`failed: ${request.url()} ${reason}`);
  });
  context.on("response", (response) => {
    if (options.recordsTraces) traces.push(bodyOf(response));
    if (response.status() >= 400 && !expected.has(String(response.status()))) {
      faults.push(`${response.status()} ${response.url()}`);
    }
  });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  return {
    page,
    context,
    faults: () => faults,
    traces: async () => {
      if (!options.recordsTraces) throw new Error("Open the page with `recordsTraces`.");
      return (await Promise.all(traces)).join("\n");
    },
    anotherPage: async (expectedStatuses = []) => {
      for (const open of context.pages()) await open.close();
      expected = new Set(expectedStatuses.map(String));
      faults.length = 0;
      traces.length = 0;
      return context.newPage();
    },
    close: () => context.close(),
  };
}

/** The dashboard's files by path. Their names contain a hash of the content, so each is read once. */
const files = new Map<string, Promise<string>>();

function bodyOf(response: Response): Promise<string> {
  const { pathname } = new URL(response.url());
  const known = files.get(pathname);
  if (known !== undefined) return known;
  const body = response.text().catch(() => {
    files.delete(pathname);
    return "";
  });
  if (pathname.startsWith("/assets/")) files.set(pathname, body);
  return body;
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const EVERYTHING = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] };
/** The only rule whose result depends on the color scheme. */
const COLORS = { type: "rule", values: ["color-contrast"] };

type Violation = { readonly id: string; readonly nodes: { target: string[]; failureSummary?: string }[] };

/** Violations of WCAG 2.2 AA that axe finds, one line per place; colors only if the other rules have already run. */
export async function axeViolations(
  page: Page,
  what: "everything" | "colors" = "everything",
): Promise<string[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axeSource);
  const runOnly = what === "everything" ? EVERYTHING : COLORS;
  // Only rules about media, and a rule that is not used here, need style sheets fetched again.
  const options = { runOnly, resultTypes: ["violations"], preload: false };
  const run = `axe.run(document, ${JSON.stringify(options)})`;
  const { violations } = await page.evaluate<{ violations: Violation[] }>(run);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id} ${node.target.join(" ")}: ${node.failureSummary ?? ""}`),
  );
}

const POLL_MS = 20;

/**
 * Saves a form and waits for the response. Waiting for the button is not enough: it is also disabled during the save.
 */
export async function save(page: Page): Promise<void> {
  const responded = page.waitForResponse((response) => response.request().method() === "PATCH");
  await page.getByRole("button", { name: "Save changes" }).click();
  const status = (await responded).status();
  if (status !== 200) throw new Error(`the form was not saved: ${status}`);
  await page.getByRole("button", { name: "Save changes", disabled: true }).waitFor();
}

/** Waits until an expression is true in the page. (Playwright's own wait would need `unsafe-eval` for a string.) */
export async function until(page: Page, expression: string): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!(await page.evaluate(expression))) {
    if (Date.now() > deadline) throw new Error(`did not become true in time: ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
