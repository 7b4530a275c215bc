// Bundles the pages that the pictures are taken of into the folder named as argument: slack.js, slack.css, teams.js, teams.css.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

await esbuild.build({
  absWorkingDir: dirname(fileURLToPath(import.meta.url)),
  entryPoints: ["pictures/slack.jsx", "pictures/teams.js"],
  outdir: process.argv[2],
  bundle: true,
  minify: true,
  format: "iife",
  jsx: "automatic",
  loader: { ".svg": "dataurl" },
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
});
