import type { IDataObject, ILoadOptionsFunctions, INodePropertyOptions } from "n8n-workflow";
import { NodeOperationError } from "n8n-workflow";
import { problemOf, request } from "./request";

const PAGE_SIZE = 100;
const PAGES_MAX = 20;

/** The types that the server has seen, as options of a list. */
export async function getEventTypes(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
  const types: string[] = [];
  let cursor: unknown = null;
  for (let page = 0; page < PAGES_MAX; page++) {
    const qs = { limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor: String(cursor) }) };
    const response = await request(this, "GET", "/api/event-types", { qs });
    if (response.statusCode !== 200) {
      const { message, description } = problemOf(response);
      throw new NodeOperationError(this.getNode(), message, { description });
    }
    types.push(...(response.body.data as IDataObject[]).map(({ type }) => String(type)));
    cursor = response.body.next_cursor ?? null;
    if (cursor === null) break;
  }
  return types.map((type) => ({ name: type, value: type }));
}

/** The types, and every pattern that matches several of them by their first segments. */
export async function getEventTypesAndPatterns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
  const types = await getEventTypes.call(this);
  const patterns = new Set(types.flatMap(({ value }) => patternsOf(String(value))));
  return [...[...patterns].sort().map((pattern) => ({ name: pattern, value: pattern })), ...types];
}

/** `order.*` and `order.item.*` for `order.item.added`. */
function patternsOf(type: string): string[] {
  const words = type.split(".");
  return words.slice(1).map((_, index) => `${words.slice(0, index + 1).join(".")}.*`);
}
