import { join } from "node:path";
import type { Page } from "playwright-core";
import { setUpOwner } from "../support/api-client.ts";
import { launchBrowser, openPage } from "../support/browser.ts";
import { startEmptyServer } from "../support/dashboard.ts";
import { startTestReceiver } from "../support/receiver.ts";
import { makeObjects } from "./make-objects.ts";
import { STATES } from "./page-states.ts";
import { heightOf, pictureFolder, pictureName } from "./pictures.ts";

/**
 * Takes a picture of every page state in the browser tests, light and dark, wide and on a phone.
 *
 *   npm run screenshots -- FOLDER [word in the state's name …]
 */
const WIDTHS = [1280, 375] as const;
const SCHEMES = ["light", "dark"] as const;
const EMPTY_PAGES = [
  "/",
  "/issues",
  "/integrations",
  "/integrations/webhook",
  "/integrations/inspector",
  "/deliveries",
  "/events",
  "/api-keys",
];

const [folder, ...words] = process.argv.slice(2);
const target = pictureFolder(folder, "npm run screenshots -- FOLDER [word …]");

const isWanted = (name: string) => words.length === 0 || words.some((word) => name.includes(word));
const [browser, server, receiver] = await Promise.all([
  launchBrowser(),
  startEmptyServer(),
  startTestReceiver(),
]);
let taken = 0;
try {
  await take("setup", { path: server.setupUrl, cookie: null });
  const owner = await setUpOwner(server);
  for (const path of EMPTY_PAGES) await take(`empty ${path}`, { path, cookie: owner.cookie });
  const objects = await makeObjects(owner, receiver);
  for (const state of STATES) {
    await take(state.name, {
      path: state.path(objects),
      cookie: state.anonymous ? null : owner.cookie,
      ...(state.prepare && { prepare: state.prepare }),
    });
  }
  console.log(`${taken} pictures in ${target}`);
} finally {
  await Promise.all([browser.close(), server.stop(), receiver.close()]);
}

type Subject = {
  readonly path: string;
  readonly cookie: string | null;
  readonly prepare?: (page: Page) => Promise<unknown>;
};

async function take(name: string, { path, cookie, prepare }: Subject): Promise<void> {
  if (!isWanted(name)) return;
  for (const width of WIDTHS) {
    const { page, close } = await openPage(browser, { url: server.url, cookie, width });
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await prepare?.(page);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      const file = pictureName(name, width, colorScheme);
      // A dialog covers the window; the page behind it can be longer.
      const isDialog = await page.getByRole("dialog").or(page.getByRole("alertdialog")).isVisible();
      // Rows out of sight are not laid out, so the window gets the height of the page.
      if (!isDialog) await page.setViewportSize({ width, height: await heightOf(page) });
      await page.screenshot({ path: join(target, file) });
      taken += 1;
    }
    await close();
  }
}
