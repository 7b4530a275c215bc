// Bundles src/ into the one file that pages load, channels/widget/static/aiguilleur.js (or the folder named as argument).
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = process.argv[2] ?? join(HERE, "../channels/widget/static");
// Kept the same as in tests/data/test_widget_file.py, which tells without Node whether the built file is up to date.
const SOURCES = ["build.mjs", "package-lock.json", "package.json", ...readdirSync(join(HERE, "src")).sort().map((name) => `src/${name}`)];

function sourcesHash() {
  const hash = createHash("sha256");
  for (const name of SOURCES) hash.update(name + "\0").update(readFileSync(join(HERE, name))).update("\0");
  return hash.digest("hex");
}

const stylesAsText = {
  name: "styles-as-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(readFileSync(path, "utf8"), { loader: "css", minify: true, target: "safari16.4" });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

const { outputFiles, metafile } = await esbuild.build({
  absWorkingDir: HERE,
  entryPoints: ["src/index.ts"],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2021", "safari16.4"],
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  write: false,
  outfile: "aiguilleur.js",
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [stylesAsText],
});

const banner =
  "/*! Aiguilleur, the website widget (Apache-2.0). Third parties: THIRD_PARTY.txt.\n" +
  ` * Made from widget/ by \`make widget\`; do not edit. Sources: ${sourcesHash()} */\n`;
const file = Buffer.concat([Buffer.from(banner), outputFiles[0].contents]);

const packages = new Set();
for (const input of Object.keys(metafile.inputs)) {
  const found = input.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (found) packages.add(found[1]);
}
const licences = [...packages].sort().map((name) => {
  const { version, license } = JSON.parse(readFileSync(join(HERE, "node_modules", name, "package.json"), "utf8"));
  return `${name} ${version} (${license})\n\n${readFileSync(join(HERE, "node_modules", name, "LICENSE"), "utf8").trim()}\n`;
});

mkdirSync(OUT, { recursive: true });
writeFileSync(join(OUT, "aiguilleur.js"), file);
writeFileSync(join(OUT, "THIRD_PARTY.txt"), "What aiguilleur.js contains of others.\n\n" + licences.join("\n----\n\n"));

const integrity = "sha384-" + createHash("sha384").update(file).digest("base64");
const kilobytes = (gzipSync(file, { level: 9 }).length / 1000).toFixed(1);
console.log(`aiguilleur.js: ${kilobytes} kB compressed. On your pages:\n`);
const version = createHash("sha256").update(file).digest("hex").slice(0, 8); // as in channels/widget/assets.py
console.log(`<script src="https://YOUR-SERVER/webhooks/widget/aiguilleur.js?v=${version}" integrity="${integrity}" crossorigin="anonymous" async></script>`);
