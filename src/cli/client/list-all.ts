import type { ServerCall } from "./server-call.ts";

const PAGE_SIZE_MAX = 100;

type Page<Item> = {
  readonly data: readonly Item[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
};
type Query = Readonly<Record<string, string | undefined>>;

/**
 * The objects of a list, page by page, up to a limit. A page can be empty without being the last, since the server
 * reads a bounded number of rows for each page.
 */
export async function* listPages<Item>(
  server: ServerCall,
  path: string,
  query: Query,
  limit: number,
): AsyncGenerator<readonly Item[]> {
  let cursor: string | undefined;
  for (let left = limit; left > 0; ) {
    const size = String(Math.min(left, PAGE_SIZE_MAX));
    const page: Page<Item> = await server.call("GET", path, { query: { ...query, limit: size, cursor } });
    if (page.data.length > 0) yield page.data;
    left -= page.data.length;
    if (!page.has_more || page.next_cursor === null) return;
    cursor = page.next_cursor;
  }
}
