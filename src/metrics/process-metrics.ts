import { readdirSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { Counter, type Registry } from "prom-client";
import { addGauge } from "./gauge.ts";

/**
 * Resource usage of the process, under the names that Prometheus clients use. prom-client's own set of these watches
 * the event loop with a timer that fires a hundred times per second, and reports the timer's interval as delay.
 */
export function addProcessMetrics(registry: Registry): void {
  const addCounter = (name: string, help: string, read: () => number) => {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  addCounter("process_cpu_seconds_total", "Time on the processor, user and system.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  addGauge(
    registry,
    "process_start_time_seconds",
    "When the process started, Unix time.",
    () => performance.timeOrigin / 1000,
  );
  addGauge(registry, "process_resident_memory_bytes", "Resident memory.", () => process.memoryUsage.rss());
  addGauge(registry, "process_open_fds", "Open file descriptors, where the system tells.", countOpenFiles);
  addGauge(
    registry,
    "nodejs_heap_size_used_bytes",
    "JavaScript heap in use.",
    () => process.memoryUsage().heapUsed,
  );
  addCounter(
    "nodejs_eventloop_active_seconds_total",
    "Time the event loop was busy: at a rate of 1 the process can do no more.",
    () => performance.eventLoopUtilization().active / 1000,
  );
}

function countOpenFiles(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return Number.NaN;
  }
}
