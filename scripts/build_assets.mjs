// Build styles, scripts, fonts and icons: `npm run build`, or `npm run watch` while writing them.
//
//   core/ui/assets/app.css, app.js, entry/*.js  →  core/ui/static/ui/build/
//   core/ui/assets/fonts.css (its @font-face rules say what to cut)  →  …/build/fonts/*.woff2, fonts/pdf/*.ttf
//   bootstrap-icons  →  …/build/icons.json (name → what stands inside the svg element)
//   plugins/<slug>/assets/*.css, *.js  →  plugins/<slug>/static/<slug>/build/
//   each style sheet and script also as .br and .gz, which whitenoise sends to browsers that read them
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import * as esbuild from "esbuild";
import subsetFont from "subset-font";
import { trimmedBootstrap } from "./trim_bootstrap.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const UI = join(ROOT, "core/ui/assets");
const OUT = join(ROOT, "core/ui/static/ui/build");
const FAMILY = join(ROOT, "node_modules/@expo-google-fonts/source-sans-3");
const ICONS = join(ROOT, "node_modules/bootstrap-icons/icons");
const watch = process.argv.includes("--watch");

/** Where the family keeps each face, by `weight style` as fonts.css writes them. */
const FACES = {
  "400 normal": "400Regular/SourceSans3_400Regular.ttf",
  "400 italic": "400Regular_Italic/SourceSans3_400Regular_Italic.ttf",
  "600 normal": "600SemiBold/SourceSans3_600SemiBold.ttf",
  "600 italic": "600SemiBold_Italic/SourceSans3_600SemiBold_Italic.ttf",
};

const names = async (folder) => (existsSync(folder) ? (await readdir(folder)).sort() : []);
const sources = async (folder) =>
  (await names(folder)).filter((name) => /\.(css|js)$/.test(name)).map((name) => join(folder, name));

async function bundles() {
  const own = ["app.css", "app.js"].map((name) => join(UI, name)).filter(existsSync);
  const jobs = [{ entryPoints: [...own, ...(await sources(join(UI, "entry")))], outdir: OUT }];
  for (const slug of await names(join(ROOT, "plugins"))) {
    const entryPoints = await sources(join(ROOT, "plugins", slug, "assets"));
    jobs.push({ entryPoints, outdir: join(ROOT, "plugins", slug, "static", slug, "build") });
  }
  return jobs.filter((job) => job.entryPoints.length);
}

const options = (job) => ({
  ...job,
  absWorkingDir: ROOT,
  entryNames: "[name]",
  chunkNames: "chunks/[name]-[hash]",
  assetNames: "files/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2020", "chrome109", "firefox115", "safari15.4"], // the first with cascade layers and :has, or near
  minify: !watch,
  external: ["./fonts/*"], // cut below, beside the style sheet
  plugins: [trimmedBootstrap],
  loader: { ".woff2": "file", ".svg": "file", ".png": "file", ".webp": "file" },
  logLevel: "warning",
});

/** Cut each face that fonts.css declares to its own unicode-range; give PDFs the whole faces (Typst reads no WOFF2). */
async function fonts() {
  const sheet = join(UI, "fonts.css");
  if (!existsSync(sheet)) return;
  await mkdir(join(OUT, "fonts/pdf"), { recursive: true });
  const rules = (await readFile(sheet, "utf8")).match(/@font-face\s*{[^}]*}/g) ?? [];
  await Promise.all(
    rules.map(async (rule) => {
      const field = (name) => rule.match(new RegExp(`${name}:\\s*([^;]+);`))?.[1];
      const file = rule.match(/url\("\.\/(fonts\/[^"]+\.woff2)"\)/)?.[1];
      if (!file) return; // a fallback on the machine's own font
      const face = join(FAMILY, FACES[`${field("font-weight")} ${field("font-style")}`]);
      const cut = await subsetFont(await readFile(face), characters(field("unicode-range")), {
        targetFormat: "woff2",
        noLayoutClosure: true, // small capitals and alternate digits weigh half of the file and are never asked for
      });
      await writeFile(join(OUT, file), cut);
    }),
  );
  await Promise.all(
    Object.values(FACES).map((face) => copyFile(join(FAMILY, face), join(OUT, "fonts/pdf", face.split("/")[1]))),
  );
}

/** "U+20-7E, U+A0" as the characters themselves. */
function characters(ranges) {
  return ranges
    .split(",")
    .flatMap((range) => {
      const [first, last = first] = range.trim().slice(2).split("-").map((hex) => parseInt(hex, 16));
      return Array.from({ length: last - first + 1 }, (_, step) => String.fromCodePoint(first + step));
    })
    .join("");
}

async function icons() {
  const drawings = await Promise.all(
    (await names(ICONS)).map(async (name) => {
      const svg = await readFile(join(ICONS, name), "utf8");
      return [name.replace(".svg", ""), svg.replace(/^[^>]*>|<\/svg>\s*$/g, "").replace(/\s*\n\s*/g, "")];
    }),
  );
  await mkdir(OUT, { recursive: true });
  await writeFile(join(OUT, "icons.json"), JSON.stringify(Object.fromEntries(drawings)));
}

async function compressed(folder) {
  await Promise.all(
    (await sources(folder)).map(async (file) => {
      const content = await readFile(file);
      await writeFile(`${file}.br`, await promisify(brotliCompress)(content));
      await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
    }),
  );
}

const jobs = await bundles();
if (watch) {
  await Promise.all([fonts(), icons()]);
  const contexts = await Promise.all(jobs.map((job) => esbuild.context({ ...options(job), logLevel: "info" })));
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  await Promise.all([OUT, ...jobs.map((job) => job.outdir)].map((folder) => rm(folder, { recursive: true, force: true })));
  await Promise.all([fonts(), icons(), ...jobs.map((job) => esbuild.build(options(job)))]);
  await Promise.all(jobs.map((job) => compressed(job.outdir)));
  console.log(jobs.map((job) => `${relative(ROOT, job.outdir)} : ${job.entryPoints.length}`).join("\n"));
}
