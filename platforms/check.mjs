// Holds a JSON document (on the input) against what Slack or Microsoft publish; prints each problem as a line of JSON.
//   node check.mjs slack-messages | slack-manifest | teams-activities | teams-manifest
import { readFileSync } from "node:fs";
import { cardProblems } from "./cards.mjs";
import { schemaProblems } from "./schema.mjs";
import { typeProblems } from "./types.mjs";

const CARD = "application/vnd.microsoft.card.adaptive";

function activityProblems(activities) {
  const cards = activities.flatMap(({ attachments = [] }, place) =>
    attachments.flatMap(({ contentType, content }, which) =>
      contentType === CARD ? cardProblems(content, `[${place}].attachments[${which}].content`) : [],
    ),
  );
  return [...typeProblems("activities", activities), ...cards];
}

const MODES = {
  "slack-messages": (messages) => typeProblems("messages", messages),
  "slack-manifest": (manifest) => typeProblems("manifest", manifest),
  "teams-activities": activityProblems,
  "teams-manifest": schemaProblems,
};

const mode = MODES[process.argv[2]];
if (!mode) throw new Error(`which of these? ${Object.keys(MODES).join(", ")}`);
for (const problem of await mode(JSON.parse(readFileSync(0, "utf8")))) console.log(JSON.stringify(problem));
