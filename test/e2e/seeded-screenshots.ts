import { join } from "node:path";
import { openPage } from "../support/browser.ts";
import { followRequests } from "../support/quiet.ts";
import { heightOf, pictureFolder, pictureName } from "./pictures.ts";
import { openSeededDashboard, SEEDED_PAGES } from "./seeded-pages.ts";

/**
 * Takes a picture of every page of a seeded instance at several widths, light and dark.
 *
 *   npm run screenshots:seeded -- FOLDER [word in the page's name …]
 */
const WIDTHS = [375, 853, 1024, 1440, 1920] as const;
const SCHEMES = ["light", "dark"] as const;
/** Cuts pictures of lists with thousands of rows. */
const HEIGHT_MAX = 2400;

const [folder, ...words] = process.argv.slice(2);
const target = pictureFolder(folder, "npm run screenshots:seeded -- FOLDER [word …]");
const wanted = SEEDED_PAGES.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);
const dashboard = await openSeededDashboard();
let taken = 0;
try {
  const { browser, server, owner, objects } = dashboard;
  const { page } = await openPage(browser, { url: server.url, cookie: owner.cookie });
  const quiet = followRequests(page);
  for (const { name, path } of wanted) {
    await page.goto(path(objects));
    await page.getByRole("heading", { level: 1 }).waitFor();
    await quiet();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await page.setViewportSize({ width, height: Math.min(HEIGHT_MAX, await heightOf(page)) });
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(target, pictureName(name, width, colorScheme)) });
        taken += 1;
      }
    }
  }
  console.log(`${taken} pictures in ${target}`);
} finally {
  await dashboard.close();
}
