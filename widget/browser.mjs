// Unpacks the Chromium of @sparticuz/chromium into node_modules, libraries and fonts included, and prints where it is.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "node_modules/.chromium");
if (!existsSync(FOLDER)) {
  const unfinished = `${FOLDER}-${process.pid}`;
  mkdirSync(unfinished);
  process.env.TMPDIR = unfinished; // where the package unpacks to
  process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs24.x"; // has it unpack the system libraries that a bare machine lacks
  const { default: chromium } = await import("@sparticuz/chromium");
  await chromium.executablePath();
  const fonts = `<fontconfig><dir>/usr/share/fonts</dir><dir>${FOLDER}/fonts/fonts</dir><cachedir>${FOLDER}/fonts/cache</cachedir></fontconfig>`;
  writeFileSync(join(unfinished, "fonts/fonts.conf"), `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">${fonts}`);
  rmSync(FOLDER, { recursive: true, force: true });
  renameSync(unfinished, FOLDER);
}
console.log(FOLDER);
