/// <reference types="vitest/config" />
import { readFileSync } from "node:fs";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const here = (path: string) => decodeURIComponent(new URL(path, import.meta.url).pathname);

/** The font may be handed on with its licence only. */
function licenceOfFont(): Plugin {
  return {
    name: "licence-of-font",
    generateBundle() {
      const source = readFileSync(here("./node_modules/@fontsource-variable/inter/LICENSE"), "utf8");
      this.emitFile({ type: "asset", fileName: "licences/inter.txt", source });
    },
  };
}

export default defineConfig({
  plugins: [react(), tailwindcss(), licenceOfFont()],
  resolve: {
    alias: {
      "@": here("./src"),
      "trm-os-client": here("../clients/typescript/src/index.ts"),
      // The client stands outside of this folder; its one dependency is taken from here.
      "openapi-fetch": here("./node_modules/openapi-fetch"),
    },
  },
  // What stands in public/ is for development: the settings of one machine.
  build: {
    copyPublicDir: false,
    target: ["chrome123", "firefox120", "safari17.5"],
    manifest: true,
    license: { fileName: "licences/scripts.txt" },
  },
  server: { host: "127.0.0.1", port: 5173, strictPort: true, fs: { allow: [here("..")] } },
  preview: { host: "127.0.0.1", port: 4173, strictPort: true },
  test: { environment: "node", fileParallelism: false, restoreMocks: true, css: true },
});
