#!/usr/bin/env -S node --disable-warning=ExperimentalWarning --max-semi-space-size=16 --
// Without the "--" above, Node would take an --env-file that is meant for the program.

const NODE_MIN = 24;

// Every Node version must be able to parse this file; an older one loads only the code that starts a newer Node.
if (Number.parseInt(process.versions.node, 10) >= NODE_MIN) await import("./run.js");
else await import("./run-on-newer-node.js");
