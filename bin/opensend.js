#!/usr/bin/env -S node --disable-warning=ExperimentalWarning --max-semi-space-size=16 --
// Without the "--" above, Node would take an --env-file that is meant for the program.

const NODE_MIN = 24;

// Whatever Node runs this file must be able to read it, and nothing else of the program if it is older.
if (Number.parseInt(process.versions.node, 10) >= NODE_MIN) await import("./run.js");
else await import("./run-on-newer-node.js");
