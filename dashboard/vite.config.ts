import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { BUILD_STAMP_FILE, hashSources } from "./source-hash.ts";

const API_ORIGIN = "http://127.0.0.1:3015";

export default defineConfig({
  root: import.meta.dirname,
  // The server replaces it in index.html by the nonce of each response.
  html: { cspNonce: "__CSP_NONCE__" },
  plugins: [
    tanstackRouter({
      target: "react",
      autoCodeSplitting: true,
      routesDirectory: `${import.meta.dirname}/src/routes`,
      generatedRouteTree: `${import.meta.dirname}/src/route-tree.gen.ts`,
      addExtensions: true,
      quoteStyle: "double",
      semicolons: true,
      disableLogging: true,
    }),
    react(),
    tailwindcss(),
    buildStamp(),
  ],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    sourcemap: false,
    // A data: URL would need a wider font-src than 'self'.
    assetsInlineLimit: 0,
    // light-dark() as it is: every browser since spring 2024 knows it.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    rolldownOptions: {
      output: {
        // What nearly every page needs comes as one file: hundreds of bytes each, they compress badly on their own.
        codeSplitting: {
          groups: [
            // Without dialogs, which bring a library along and open on a press.
            {
              name: "shared",
              test: /dashboard\/src\/(ui(?!\/dialog)|text|navigation|api|session|docs)\//,
              minShareCount: 10,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      // The server accepts changes from its own origin only.
      "/api": { target: API_ORIGIN, changeOrigin: true, headers: { origin: API_ORIGIN } },
    },
  },
});

/** Writes what the build was created from into it, so that `build-if-stale.ts` can tell whether it is current. */
function buildStamp(): Plugin {
  return {
    name: "build-stamp",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: BUILD_STAMP_FILE, source: hashSources(import.meta.dirname) });
    },
  };
}
