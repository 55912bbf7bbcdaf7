import type { TestContext } from "node:test";
import { createEgress, type Egress, type EgressOptions } from "../../src/http-client/egress.ts";

/** An egress for one test. By default loopback is allowed and no name resolves. */
export function openEgress(t: TestContext, options: Partial<EgressOptions> = {}): Egress {
  const egress = createEgress({
    allowedCidrs: [],
    allowLoopback: true,
    proxyUrl: null,
    resolve: async () => [],
    ...options,
  });
  t.after(() => egress.close());
  return egress;
}
