import { Gauge, type Registry } from "prom-client";

/** A value that is read when someone asks, and costs nothing in between. */
export function addGauge(
  registry: Registry,
  name: string,
  help: string,
  read: () => number | Promise<number>,
): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      // A database that does not respond must not hide what this process knows by itself.
      this.set(await Promise.resolve(read()).catch(() => Number.NaN));
    },
  });
}
