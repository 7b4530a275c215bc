// Holds a Teams app manifest against Microsoft's JSON schema of the version it names.
// The validator is set up as Microsoft's package does; its own code does not load (1.1.2 forgets a dependency).
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";

const SCHEMAS = join(dirname(fileURLToPath(import.meta.url)), "node_modules/@microsoft/app-manifest/build/json-schemas/teams");

/** The violations, each with its path in the manifest. */
export function schemaProblems(manifest) {
  const version = String(manifest.manifestVersion);
  const file = join(SCHEMAS, `v${version}`, "MicrosoftTeams.schema.json");
  if (!/^\d+\.\d+$/.test(version) || !existsSync(file)) {
    return [{ kind: "error", path: "manifestVersion", message: `Microsoft publishes no schema of version ${version}` }];
  }
  const ajv = addFormats(new Ajv({ allErrors: true, strictTypes: false }), ["uri", "email", "regex"]);
  const validate = ajv.compile(JSON.parse(readFileSync(file, "utf8")));
  validate(manifest);
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const path = instancePath.replace(/\/(\d+)/g, "[$1]").replace(/\//g, ".").replace(/^\./, "");
    const detail = params.additionalProperty ?? params.allowedValues?.join(", ");
    return { kind: "error", path, message: detail ? `${message}: ${detail}` : message };
  });
}
