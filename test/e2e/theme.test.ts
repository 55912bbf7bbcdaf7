import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { startOwnedServer } from "../support/dashboard.ts";
import type { RunningServer } from "../support/server.ts";

const TEXT_CONTRAST_MIN = 4.5; // WCAG 1.4.3
const GRAPHICS_CONTRAST_MIN = 3; // WCAG 1.4.11

const STATUSES = ["ok", "warn", "err", "run", "idle"];

/** Pairs of tokens that occur together on a page: foreground, then background. */
const TEXT_PAIRS = [
  ...["fg", "muted"].flatMap((text) =>
    ["bg", "surface", "sunken"].map((background) => [text, background] as const),
  ),
  ...["bg", "surface", "sunken"].map((background) => ["subtle", background] as const),
  ["accent-on", "accent"] as const,
  ...["bg", "surface", "accent-soft"].map((background) => ["accent", background] as const),
  ...STATUSES.map((status) => [status, `${status}-bg`] as const),
  ...STATUSES.map((status) => ["fg", `${status}-bg`] as const),
  ["err", "surface"] as const,
];
const GRAPHICS_PAIRS = [
  ...["bg", "surface"].map((background) => ["control", background] as const),
  ...STATUSES.map((status) => [`${status}-dot`, `${status}-bg`] as const),
  ["accent", "sunken"] as const,
];

describe("the theme", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned] = await Promise.all([launchBrowser(), startOwnedServer()]);
    ({ server, owner } = owned);
  });
  after(() => Promise.all([browser.close(), server.stop()]));

  for (const colorScheme of ["light", "dark"] as const) {
    test(`has sufficient contrast in ${colorScheme}`, async () => {
      const { page } = await openPage(browser, { url: server.url });
      await page.emulateMedia({ colorScheme });
      await page.goto("/sign-in");
      await page.getByLabel("Email").waitFor();
      const low: string[] = [];
      for (const [pairs, min] of [
        [TEXT_PAIRS, TEXT_CONTRAST_MIN],
        [GRAPHICS_PAIRS, GRAPHICS_CONTRAST_MIN],
      ] as const) {
        for (const [foreground, background] of pairs) {
          const contrast = contrastOf(await colorOf(page, foreground), await colorOf(page, background));
          if (contrast < min) low.push(`${foreground} on ${background}: ${contrast.toFixed(2)} < ${min}`);
        }
      }
      assert.deepEqual(low, []);
    });
  }

  test("follows the system until one is chosen, and keeps the choice", async () => {
    const { page, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto("/integrations");
    const background = () =>
      page.evaluate<string>("getComputedStyle(document.documentElement).backgroundColor");
    const light = await background();
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await background();
    assert.notEqual(dark, light);

    await page.getByRole("button", { name: /Account menu/ }).click();
    await page.getByRole("menuitemradio", { name: "Light" }).click();
    assert.equal(await background(), light);
    await page.reload();
    assert.equal(await background(), light);
    await page.getByRole("button", { name: /Account menu/ }).click();
    await page.getByRole("menuitemradio", { name: "System" }).click();
    assert.equal(await background(), dark);
    assert.deepEqual(faults(), []);
  });
});

type Rgb = readonly [red: number, green: number, blue: number];

/** A token as computed by the page in its current theme. */
async function colorOf(page: Page, token: string): Promise<Rgb> {
  const computed = await page.evaluate<string>(`(() => {
    const probe = document.createElement("i");
    probe.style.color = "var(--${token}, transparent)";
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  })()`);
  const [red, green, blue, alpha] = (computed.match(/[\d.]+/g) ?? []).map(Number);
  if (red === undefined || green === undefined || blue === undefined || alpha === 0) {
    throw new Error(`there is no token --${token}: ${computed}`);
  }
  return [red, green, blue];
}

/** WCAG 2.2, "contrast ratio". */
function contrastOf(foreground: Rgb, background: Rgb): number {
  const [lighter, darker] = [luminanceOf(foreground), luminanceOf(background)].sort((a, b) => b - a) as [
    number,
    number,
  ];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminanceOf(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
