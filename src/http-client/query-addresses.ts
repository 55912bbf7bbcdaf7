import type { promises as dns } from "node:dns";
import { SendError } from "./send-error.ts";

/** Both queries of a name; `cancel` ends them. */
export type AddressQueries = Pick<dns.Resolver, "resolve4" | "resolve6">;

type QueryResult = { readonly addresses: readonly string[]; readonly code: string | null };

/** Once one family has addresses, a name server that drops the other query must not delay the connection. */
const OTHER_FAMILY_GRACE_MS = 500;
const NO_SUCH_NAME = "ENOTFOUND";
const NO_ADDRESS = "ENODATA";

/**
 * The A and AAAA records of a name, IPv4 first: broken IPv6 then costs no time, and missing IPv4 fails immediately.
 * Empty if the name server says that the name or its addresses do not exist.
 *
 * @throws {SendError} `dns_timeout`, `dns_failed`, `interrupted`.
 */
export async function queryAddresses(queries: AddressQueries, name: string): Promise<readonly string[]> {
  const results: QueryResult[] = [];
  const pending = [queries.resolve4(name), queries.resolve6(name)].map(async (query, family) => {
    results[family] = await resultOf(query);
    return results[family];
  });
  const first = await Promise.race(pending);
  await (first.addresses.length > 0 ? withinGrace(Promise.all(pending)) : Promise.all(pending));
  const addresses = results.flatMap((result) => result.addresses);
  if (addresses.length > 0) return addresses;
  const codes = results.map(({ code }) => code ?? NO_ADDRESS);
  // A name that does not exist has no records of any type (RFC 8020).
  const failed = codes.includes(NO_SUCH_NAME) ? undefined : codes.find((code) => code !== NO_ADDRESS);
  if (failed === undefined) return [];
  throw new SendError(failureCodeOf(failed), failed);
}

async function resultOf(query: Promise<readonly string[]>): Promise<QueryResult> {
  try {
    return { addresses: await query, code: null };
  } catch (error) {
    return { addresses: [], code: (error as NodeJS.ErrnoException).code ?? "unknown" };
  }
}

async function withinGrace(both: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, OTHER_FAMILY_GRACE_MS);
  });
  await Promise.race([both, grace]);
  clearTimeout(timer);
}

function failureCodeOf(code: string): "dns_timeout" | "interrupted" | "dns_failed" {
  if (code === "ETIMEOUT") return "dns_timeout";
  return code === "ECANCELLED" ? "interrupted" : "dns_failed";
}
