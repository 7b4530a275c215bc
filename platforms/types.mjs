// Has TypeScript check a document as a literal of one of the published types, so that properties in excess are errors too.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const OPTIONS = "--noEmit --strict --skipLibCheck --target es2022 --module esnext --moduleResolution bundler --pretty false";

/** Each: what is imported, and the type. Slack's Manifest takes any key at its top: `Known` does not. */
const TYPES = {
  messages: `import type { KnownBlock } from "@slack/types";
type Wanted = { text: string; blocks?: KnownBlock[] }[];`,
  manifest: `import type { AppsManifestCreateArguments } from "@slack/web-api";
type Known<T> = { [K in keyof T as string extends K ? never : K]: T[K] };
type Wanted = Known<AppsManifestCreateArguments["manifest"]>;`,
  activities: `import type { Activity } from "botframework-schema";
type Wanted = Partial<Activity>[];`,
};

/** What lists in Slack's types leave out although Slack may have it: keys, scopes, events. */
const UNKNOWN =
  /may only specify known properties|does not exist in type|is not assignable to type '(BotScope|UserScope|ManifestEvent)'/;
const DATES = new Set(["timestamp", "localTimestamp", "expiration"]); // Dates in the types, texts in the JSON

/** The literal, a line for each value, and beside it the path of what each line says. */
function* literal(value, path, key) {
  const [opening, closing] = Array.isArray(value) ? "[]" : "{}";
  if (value === null || typeof value !== "object") {
    const text = JSON.stringify(value);
    yield [DATES.has(key) && typeof value === "string" ? `new Date(${text})` : text, path];
    return;
  }
  yield [opening, path];
  for (const [name, inner] of Object.entries(value)) {
    const where = Array.isArray(value) ? `${path}[${name}]` : path ? `${path}.${name}` : name;
    let label = Array.isArray(value) ? "" : `${JSON.stringify(name)}: `;
    const lines = [...literal(inner, where, name)];
    for (const [place, [text, at]] of lines.entries()) {
      yield [label + text + (place === lines.length - 1 ? "," : ""), at];
      label = "";
    }
  }
  yield [closing, path];
}

/** The problems that TypeScript finds; what Slack's types merely do not know has the kind "unknown". */
export function typeProblems(name, document) {
  const head = `${TYPES[name]}\nexport const document: Wanted =`.split("\n");
  const lines = [...literal(document, "")];
  const folder = mkdtempSync(join(HERE, "node_modules/.check-")); // where the packages are found
  try {
    writeFileSync(join(folder, "document.ts"), [...head, ...lines.map(([text]) => text)].join("\n"));
    const command = [join(HERE, "node_modules/typescript/bin/tsc"), ...OPTIONS.split(" "), "--types", "", "document.ts"];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
    const problems = [];
    for (const line of stdout.split("\n").filter(Boolean)) {
      const [, at, message] = line.match(/^document\.ts\((\d+),\d+\): error TS\d+: (.*)$/) ?? [];
      const [, path] = lines[at - 1 - head.length] ?? ["", ""];
      if (at) problems.push({ kind: UNKNOWN.test(message) ? "unknown" : "error", path, message });
      else if (/^\s/.test(line) && problems.length) problems.at(-1).message += " " + line.trim();
      else throw new Error(line);
    }
    if (Boolean(status) !== problems.length > 0) throw new Error(`tsc ended with ${status}. ${stderr}`);
    return problems;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
