/** What reading on takes of a list that is read page by page. */
export type ReadsPages = {
  readonly data?: { readonly pages: readonly unknown[] } | undefined;
  readonly fetchNextPage: () => Promise<{
    readonly data?: { readonly pages: readonly unknown[] } | undefined;
    readonly isError: boolean;
    readonly hasNextPage: boolean;
  }>;
};

/** A list that changes all the time must not keep someone waiting for a page for ever. */
const TRIES_MAX = 10;

/**
 * Loads the next page. When the list is read again meanwhile (the stream had a gap, something was changed), the query client
 * drops the page under way, so it is asked for again.
 */
export async function loadNextPage({ data, fetchNextPage }: ReadsPages): Promise<void> {
  const pagesBefore = data?.pages.length ?? 0;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const { data: after, isError, hasNextPage } = await fetchNextPage();
    if (isError || !hasNextPage || (after?.pages.length ?? 0) > pagesBefore) return;
  }
}
