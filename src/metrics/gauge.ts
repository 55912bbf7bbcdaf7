import { Gauge, type Registry } from "prom-client";

/** A value that is read on each scrape and costs nothing in between. */
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
      // A database that does not respond must not hide the process's own values.
      this.set(await Promise.resolve(read()).catch(() => Number.NaN));
    },
  });
}
