const { apiUrl } = require("../lib/api-url.js");

const PAGE_SIZE = 100;

/** Fills the dropdowns, one page at a time, when the list in the Zap editor is scrolled. */
async function listTypes(z, bundle) {
  let page = { data: [], next_cursor: null };
  // Reads all pages before this one, because only they contain its cursor; there are few.
  for (let index = 0; index <= (bundle.meta.page ?? 0); index++) {
    if (index > 0 && page.next_cursor === null) return [];
    const cursor = page.next_cursor === null ? {} : { cursor: page.next_cursor };
    const params = { limit: String(PAGE_SIZE), ...cursor };
    page = (await z.request({ url: apiUrl(bundle, "/api/event-types"), params })).data;
  }
  return page.data.map(({ type }) => ({ id: type, name: type }));
}

const eventTypes = {
  key: "event_types",
  noun: "Event Type",
  display: {
    label: "List of Event Types",
    description: "The event types that OpenSend has seen.",
    hidden: true,
  },
  operation: { perform: listTypes, canPaginate: true, sample: { id: "order.paid", name: "order.paid" } },
};

module.exports = { eventTypes };
