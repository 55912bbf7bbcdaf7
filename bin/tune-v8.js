import { setFlagsFromString } from "node:v8";

const ALWAYS = [
  // The old generation can grow by this percentage between collections, instead of up to four times.
  "--heap-growing-percent=60",
  // Each optimizing thread keeps the memory it once needed.
  "--concurrent-turbofan-max-threads=1",
];

/** Little code of the startup runs again, and optimizing it costs time, and 15 MB for the compilers. */
const STARTING = ["--no-opt", "--no-maglev", "--semi-space-growth-factor=1"];
const STARTED = ["--opt", "--maglev", "--semi-space-growth-factor=2"];

export function tuneForStart() {
  for (const flag of [...ALWAYS, ...STARTING]) setFlagsFromString(flag);
}

export function tuneAfterStart() {
  for (const flag of STARTED) setFlagsFromString(flag);
}
