/** The parts of an infinite query that `loadNextPage` needs. */
export type PageLoader = {
  readonly data?: { readonly pages: readonly unknown[] } | undefined;
  readonly fetchNextPage: () => Promise<{
    readonly data?: { readonly pages: readonly unknown[] } | undefined;
    readonly isError: boolean;
    readonly hasNextPage: boolean;
  }>;
};

/** A list that changes constantly must not delay a page forever. */
const TRIES_MAX = 10;

/**
 * Loads the next page. If the list is read again meanwhile, because of a gap in the stream or a change, the query
 * client drops the page in progress, so it is requested again.
 */
export async function loadNextPage({ data, fetchNextPage }: PageLoader): Promise<void> {
  const pagesBefore = data?.pages.length ?? 0;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const { data: after, isError, hasNextPage } = await fetchNextPage();
    if (isError || !hasNextPage || (after?.pages.length ?? 0) > pagesBefore) return;
  }
}
