import { createClientProgram } from "./client-program.ts";
import { reportFailure } from "./report-failure.ts";

// Not awaited, since the bundle is CommonJS.
createClientProgram()
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = reportFailure(error);
  });
