// What a browser loads first: prints the script and style of the first page, compressed, and fails above the limit.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 200 * 1024;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

const scripts = new Set();
const styles = new Set();
function take(name) {
  const chunk = manifest[name];
  if (scripts.has(chunk.file)) return;
  scripts.add(chunk.file);
  for (const style of chunk.css ?? []) styles.add(style);
  for (const other of chunk.imports ?? []) take(other);
}
take("index.html");

const size = (files) => [...files].reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist))).length, 0);
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
const script = size(scripts);
process.stdout.write(`first load, gzip: script ${kib(script)} of ${kib(LIMIT)}, style ${kib(size(styles))}\n`);
if (script > LIMIT) {
  process.stderr.write("The script of the first load is too large.\n");
  process.exit(1);
}
