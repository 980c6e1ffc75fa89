// Builds every stylesheet and script of the pages into src/lygte/site/static/build.
// Two bundles: "public" is small, for a phone on a poor line; "lygte" is for people at work.
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const out = join(root, "src/lygte/site/static/build");

// A file appears whole or not at all, so that a server that runs meanwhile never sends half a stylesheet.
async function put(name, code) {
  const waiting = join(out, `.${name}.${process.pid}`);
  await writeFile(waiting, code);
  await rename(waiting, join(out, name));
  return [name, code];
}

async function buildStyles(name) {
  const { css } = sass.compile(join(here, "scss", `${name}.scss`), {
    loadPaths: [join(root, "node_modules")],
    style: "expanded",
    quietDeps: true,
  });
  // Nothing may be fetched from a stylesheet: no font, no picture, not even our own.
  const fetched = css.match(/url\([^)]*\)|@import|@font-face/g);
  if (fetched) throw new Error(`${name}.css would fetch: ${fetched.join(", ")}`);
  if (/GDS Transport/.test(css)) throw new Error(`${name}.css names a font that is not ours to use`);
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, target: "safari14" });
  return put(`${name}.css`, code);
}

async function buildScript(name) {
  const result = await esbuild.build({
    entryPoints: [join(here, "js", `${name}.js`)],
    bundle: true,
    minify: true,
    target: "es2020",
    format: "iife",
    legalComments: "none",
    write: false,
    outfile: `${name}.js`,
  });
  return put(`${name}.js`, result.outputFiles[0].text);
}

async function build() {
  await mkdir(out, { recursive: true });
  const made = [
    await buildStyles("lygte"),
    await buildStyles("public"),
    await buildScript("lygte"),
    await buildScript("public"),
  ];
  const names = made.map(([name]) => name);
  for (const old of await readdir(out)) if (!names.includes(old)) await rm(join(out, old), { force: true, recursive: true });
  for (const [name, code] of made) {
    const size = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
    console.log(`${name.padEnd(12)} ${size(Buffer.byteLength(code)).padStart(9)}  ${size(gzipSync(code).length).padStart(9)} gzip`);
  }
}

await build();
if (process.argv.includes("--watch")) {
  const { watch } = await import("node:fs");
  console.log("watching assets/ for changes");
  let pending;
  watch(here, { recursive: true }, () => {
    clearTimeout(pending);
    pending = setTimeout(() => build().catch((error) => console.error(error.message)), 80);
  });
}
