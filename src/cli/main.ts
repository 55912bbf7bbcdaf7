import { createProgram } from "./program.ts";
import { reportFailure } from "./report-failure.ts";
import { describeServerFailure } from "./server-failure.ts";

// Not awaited, since the bundle is CommonJS.
createProgram()
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = reportFailure(error, describeServerFailure);
  });
