import * as z from "zod/mini";

// Without this, zod tries `new Function`, which the Content-Security-Policy blocks and reports.
z.config({ jitless: true });

export { z };
