import { isIP } from "node:net";

/** The addresses of each name in a hosts file (hosts(5)); names in lower case. */
export type Hosts = ReadonlyMap<string, readonly string[]>;

export function parseHosts(text: string): Hosts {
  const hosts = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const name of names.map(withoutDot)) {
      const addresses = hosts.get(name) ?? [];
      if (!addresses.includes(address)) addresses.push(address);
      hosts.set(name, addresses);
    }
  }
  return hosts;
}

function withoutDot(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
