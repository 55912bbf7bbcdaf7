import type { Delivery, DeliveryDetail, ListDeliveriesQuery } from "./api.generated.ts";
import { eachItem, type Page } from "./pages.ts";
import type { Call, Caller, CallOptions } from "./transport.ts";

/** Deliveries of events to connections. */
export class Deliveries {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** A page of deliveries, newest first. */
  async list(query: ListDeliveriesQuery = {}, options?: CallOptions): Promise<Page<Delivery>> {
    return (await this.#call({ method: "GET", path: "/api/deliveries", query }, options)) as Page<Delivery>;
  }

  /** All deliveries, page by page. */
  all(query: ListDeliveriesQuery = {}, options?: CallOptions): AsyncGenerator<Delivery, void, undefined> {
    return eachItem((cursor = query.cursor) => this.list({ ...query, cursor }, options));
  }

  /** A delivery with its attempts. */
  get(id: string, options?: CallOptions): Promise<DeliveryDetail> {
    return this.#one({ method: "GET", path: pathOf(id) }, options);
  }

  /** Makes a delivery due immediately. */
  retry(id: string, options?: CallOptions): Promise<DeliveryDetail> {
    const path = `${pathOf(id)}/retry`;
    return this.#one({ method: "POST", path, idempotencyKey: crypto.randomUUID() }, options);
  }

  /** Cancels a pending or failed delivery. */
  cancel(id: string, options?: CallOptions): Promise<DeliveryDetail> {
    const path = `${pathOf(id)}/cancel`;
    return this.#one({ method: "POST", path, idempotencyKey: crypto.randomUUID() }, options);
  }

  async #one(call: Call, options?: CallOptions): Promise<DeliveryDetail> {
    return ((await this.#call(call, options)) as { data: DeliveryDetail }).data;
  }
}

function pathOf(id: string): string {
  return `/api/deliveries/${encodeURIComponent(id)}`;
}
