/// <reference types="vitest/config" />
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
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

/** Beside each script and style sheet the same in brotli, a sixth smaller than gzip: too slow to make for each request. */
function brotli(): Plugin {
  return {
    name: "brotli",
    writeBundle({ dir = "" }, bundle) {
      for (const name of Object.keys(bundle).filter((one) => /\.(js|css)$/.test(one))) {
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(readFileSync(join(dir, name))));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), tailwindcss(), licenceOfFont(), brotli()],
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
  test: {
    environment: "node",
    fileParallelism: false,
    restoreMocks: true,
    css: true,
    setupFiles: ["src/testing/setup.ts"],
  },
});
