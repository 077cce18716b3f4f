// What a browser loads before somebody can sign in, and until they read their first page: prints script and style,
// compressed, and fails above the limit.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 200 * 1024;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

function filesOf(...entries) {
  const found = { scripts: new Set(), styles: new Set() };
  function take(name) {
    const chunk = manifest[name];
    if (found.scripts.has(chunk.file)) return;
    found.scripts.add(chunk.file);
    for (const style of chunk.css ?? []) found.styles.add(style);
    for (const other of chunk.imports ?? []) take(other);
  }
  entries.forEach(take);
  return found;
}

const size = (files) => [...files].reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist))).length, 0);
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
const oidc = Object.keys(manifest).find((name) => name.includes("/oidc-client-ts/"));
const [before, first] = [filesOf("index.html"), filesOf("index.html", oidc, "src/App.tsx")];
const script = size(first.scripts);
process.stdout.write(
  `gzip: script until one signs in ${kib(size(before.scripts))}, until the first page ${kib(script)} of ${kib(LIMIT)}, ` +
    `style ${kib(size(first.styles))}\n`,
);
if (script > LIMIT) {
  process.stderr.write("The script of the first load is too large.\n");
  process.exit(1);
}
