// @ts-check
/** Chatwoot's conversations (app/models/message.rb and DashboardApp/Frame.vue of chatwoot/chatwoot), as transcripts. */

import { fitting, isObject, messageWith } from "./transcript.js";

/** @typedef {import("./types.js").Message} Message */

const INCOMING = 0;
const OUTGOING = 1;
/** What Chatwoot says by itself: a greeting, « we are back tomorrow ». */
const TEMPLATE = 3;
const BOTS = ["agent_bot", "captain_assistant"];
/** Of the agent's messages: not said yet, or never. */
const UNSAID = ["progress", "failed"];

/**
 * What was said, or null if that is not known.
 *
 * @param {Record<string, unknown>} conversation
 * @returns {import("./types.js").Transcript | null}
 */
export function transcriptOfChatwoot({ id, meta, messages }) {
  if (!Array.isArray(messages)) return null;
  const ordered = messages.filter(isObject).sort((one, other) => Number(one["created_at"]) - Number(other["created_at"]) || 0);
  return fitting(id, isObject(meta) ? meta["channel"] : undefined, ordered.flatMap(messagesOf));
}

/**
 * What a message of Chatwoot says: nothing, if it is for agents only; a click as well, if the customer has clicked on it.
 *
 * @param {Record<string, unknown>} message
 * @returns {Message[]}
 */
function messagesOf(message) {
  const { id, message_type: type, content, content_type, content_attributes, created_at: at, sender, status } = message;
  const attributes = isObject(content_attributes) ? content_attributes : {};
  if (message["private"] || attributes["deleted"] || UNSAID.includes(String(status))) return [];
  const text = typeof content === "string" ? content : "";
  if (type === INCOMING) return [messageWith(id, "customer", text, at)];
  if (type !== OUTGOING && type !== TEMPLATE) return [];
  const isBot = type === TEMPLATE || BOTS.includes(String(isObject(sender) ? sender["type"] : ""));
  const said = messageWith(id, isBot ? "bot" : "agent", text, at);
  const click = content_type === "input_select" ? valueOf(attributes["submitted_values"]) : null;
  return click === null ? [said] : [said, messageWith(`${String(id)}/click`, "customer", click, at)];
}

/** @param {unknown} submitted */
function valueOf(submitted) {
  const [first] = Array.isArray(submitted) ? submitted : [];
  return isObject(first) && typeof first["value"] === "string" ? first["value"] : null;
}
