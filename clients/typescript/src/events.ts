import type {
  EventDetail,
  EventListItem,
  EventType,
  ListEventsQuery,
  ListEventTypesQuery,
} from "./api.generated.ts";
import { eachItem, type Page } from "./pages.ts";
import type { Caller, CallOptions } from "./transport.ts";

/** Accepted events and their types. */
export class Events {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** A page of events, most recently accepted first. */
  async list(query: ListEventsQuery = {}, options?: CallOptions): Promise<Page<EventListItem>> {
    return (await this.#call({ method: "GET", path: "/api/events", query }, options)) as Page<EventListItem>;
  }

  /** All events, page by page. */
  all(query: ListEventsQuery = {}, options?: CallOptions): AsyncGenerator<EventListItem, void, undefined> {
    return eachItem((cursor = query.cursor) => this.list({ ...query, cursor }, options));
  }

  /** An event with its deliveries. */
  async get(id: string, options?: CallOptions): Promise<EventDetail> {
    const path = `/api/events/${encodeURIComponent(id)}`;
    const { data } = (await this.#call({ method: "GET", path }, options)) as { data: EventDetail };
    return data;
  }

  /** A page of the event types seen so far, by name. */
  async listTypes(query: ListEventTypesQuery = {}, options?: CallOptions): Promise<Page<EventType>> {
    return (await this.#call({ method: "GET", path: "/api/event-types", query }, options)) as Page<EventType>;
  }
}
