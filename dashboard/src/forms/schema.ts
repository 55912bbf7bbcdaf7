import * as z from "zod/mini";

// zod would otherwise try `new Function`, which the Content-Security-Policy refuses and reports.
z.config({ jitless: true });

export { z };
