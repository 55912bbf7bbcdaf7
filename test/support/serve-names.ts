import type { TestContext } from "node:test";
import { NameResolver, type NameResolverOptions } from "../../src/http-client/name-resolver.ts";
import { type NameAnswer, type NameServer, startNameServer } from "./name-server.ts";

/** A name server that runs until the test ends. */
export async function serveNames(
  t: TestContext,
  names: Readonly<Record<string, NameAnswer>>,
): Promise<NameServer> {
  const server = await startNameServer(names);
  t.after(() => server.close());
  return server;
}

/** A resolver that by default uses only this name server. */
export function resolverOf(server: NameServer, options: NameResolverOptions = {}): NameResolver {
  return new NameResolver({
    servers: [server.address],
    hostsPath: "/nonexistent",
    resolvConfPath: "/nonexistent",
    system: { find: async () => [] },
    ...options,
  });
}

/** The addresses of a name, or the failure code. */
export async function resultOf(addresses: Promise<readonly string[]>): Promise<readonly string[] | string> {
  try {
    return await addresses;
  } catch (error) {
    return (error as { failureCode?: string }).failureCode ?? String(error);
  }
}
