import type { Page } from "playwright-core";
import type { Objects } from "../make-objects.ts";
import { openDialog, type PageState, press } from "./page-state.ts";

/** A stream that reports one attempt and ends; the client reconnects only after an hour. */
function attemptInProgress(deliveryId: string): string {
  const attempt = {
    delivery_id: deliveryId,
    connection_id: deliveryId,
    number: 1,
    trigger: "schedule",
    started_at: "2099-01-01T00:00:00.000Z",
    stage: "tls",
    timings: { queued: 12, dns: 4.2, connect: 21, tls: null, sent: null, first_byte: null, total: 25.4 },
  };
  return `retry: 3600000\n\nevent: attempt\ndata: ${JSON.stringify(attempt)}\n\n`;
}

/** Deliveries, replays and events. */
export const DELIVERIES: readonly PageState[] = [
  {
    name: "deliveries, with new ones waiting",
    path: () => "/deliveries",
    changes: true,
    prepare: async (page) => {
      await page
        .getByRole("link", { name: /order\.paid/ })
        .first()
        .waitFor();
      const headers = { origin: new URL(page.url()).origin };
      // The list follows once its stream is open, which the page does not show.
      for (let tries = 0; tries < 20; tries += 1) {
        await page.request.post("/api/events", { headers, data: { type: "stock.changed", data: {} } });
        const pill = page.getByRole("button", { name: /new$/ });
        if (
          await pill.waitFor({ timeout: 1_000 }).then(
            () => true,
            () => false,
          )
        )
          return;
      }
      throw new Error("no pill came");
    },
  },
  {
    name: "deliveries",
    path: () => "/deliveries",
    prepare: (page) =>
      page
        .getByRole("link", { name: /order\.paid/ })
        .first()
        .waitFor(),
  },
  {
    name: "deliveries between two moments",
    path: () => "/deliveries?from=2020-01-01T00:00:00.000Z",
    prepare: (page) => page.getByLabel("Before").waitFor(),
  },
  {
    name: "deliveries of which none match",
    path: () => "/deliveries?status=cancelled",
    prepare: (page) => page.getByText("Nothing matches", { exact: true }).waitFor(),
  },
  ...(["arrived", "retrying", "waiting"] as const).map((which) => ({
    name: `delivery, ${which}`,
    path: (objects: Objects) => `/deliveries/${objects[which]}`,
    opensByWidth: true as const,
    prepare: (page: Page) => page.getByRole("heading", { name: "Request", exact: true }).waitFor(),
  })),
  {
    name: "delivery under way, while the stream is cut",
    path: ({ waiting }) => `/deliveries/${waiting}`,
    opensByWidth: true,
    prepare: async (page) => {
      const id = page.url().split("/").at(-1) ?? "";
      const headers = { "content-type": "text/event-stream" };
      await page.route(/\/api\/stream/, (route) => route.fulfill({ headers, body: attemptInProgress(id) }));
      await page.reload();
      await page.getByText(/^TLS handshake…/).waitFor();
      await page.getByText("Reconnecting …").last().waitFor();
    },
  },
  {
    name: "delivery, compared with the last success",
    path: ({ changed }) => `/deliveries/${changed}`,
    opensByWidth: true,
    prepare: (page) => page.getByText("Connection updated: webhook URL").waitFor(),
  },
  {
    name: "no such delivery",
    path: () => "/deliveries/0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11",
    opensByWidth: true,
    statuses: [404],
    prepare: (page) => page.getByText("No delivery at this address").waitFor(),
  },
  {
    name: "dialog: cancel delivery",
    path: ({ waiting }) => `/deliveries/${waiting}`,
    changes: true,
    prepare: (page) => openDialog(page, "Cancel delivery"),
  },
  {
    name: "dialog: replay",
    path: () => "/deliveries?status=delivered",
    changes: true,
    prepare: async (page) => {
      await press(page, "Replay…");
      await page.getByText("Dry run").waitFor();
    },
  },
  {
    name: "replay",
    path: ({ replay }) => `/deliveries/replays/${replay}`,
    prepare: (page) => page.getByRole("progressbar").waitFor(),
  },
  {
    name: "dialog: stop replay",
    path: ({ replay }) => `/deliveries/replays/${replay}`,
    changes: true,
    prepare: (page) => openDialog(page, "Stop"),
  },
  {
    name: "no such replay",
    path: () => "/deliveries/replays/0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11",
    statuses: [404],
    prepare: (page) => page.getByText("No replay at this address").waitFor(),
  },
  {
    name: "events",
    path: () => "/events",
    prepare: (page) =>
      page
        .getByRole("link", { name: /order\.paid/ })
        .first()
        .waitFor(),
  },
  {
    name: "events of which none match",
    path: () => "/events?type=nothing.like.it",
    prepare: (page) => page.getByText("No matches", { exact: true }).waitFor(),
  },
  {
    name: "event types",
    path: () => "/events/types",
    prepare: (page) => page.getByRole("link", { name: "order.paid", exact: true }).waitFor(),
  },
  {
    name: "event",
    path: ({ event }) => `/events/${event}`,
    prepare: (page) => page.getByRole("heading", { name: "Not delivered to" }).waitFor(),
  },
  {
    name: "dialog: send event with errors",
    path: () => "/events",
    changes: true,
    prepare: async (page) => {
      await press(page, "Send event");
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Data", { exact: true }).fill("{");
      await dialog.getByRole("button", { name: "Send event" }).click();
      await dialog.getByText("This is not valid JSON.").waitFor();
    },
  },
];
