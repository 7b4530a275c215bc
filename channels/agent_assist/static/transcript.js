// @ts-check
/** What a desk says was said, made to fit what the server takes: a desk may say anything. */

import { cut } from "./cut.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Transcript} Transcript */

/** Limits of openapi.yaml; of a text, the server reads no more than this. */
const MESSAGES = 200;
const CHARACTERS = 4000;
/** Bytes of all messages: the server takes requests of 1 MB. */
const BYTES = 800_000;
const ID = 128;
const CHANNEL = 64;
const AUTHORS = ["customer", "agent", "bot"];

/**
 * The transcript of a message of our protocol, or null if it is none. What is no message is left out.
 *
 * @param {Record<string, unknown>} data
 * @returns {Transcript | null}
 */
export function transcriptOf({ conversation, messages }) {
  if (!Array.isArray(messages)) return null;
  const { id, channel } = /** @type {Record<string, unknown>} */ (isObject(conversation) ? conversation : {});
  return fitting(id, channel, messages.flatMap((message) => messageOf(message) ?? []));
}

/**
 * A transcript that the server takes: the last messages, no longer than it reads.
 *
 * @param {unknown} id
 * @param {unknown} channel
 * @param {Message[]} messages
 * @returns {Transcript}
 */
export function fitting(id, channel, messages) {
  const conversationId = shortened(id);
  const channelName = shortened(channel)?.slice(0, CHANNEL);
  const conversation = { ...(conversationId && { id: conversationId }), ...(channelName && { channel: channelName }) };
  return { conversation, messages: lastOf(messages) };
}

/** @param {Message[]} messages */
function lastOf(messages) {
  const encoder = new TextEncoder();
  const last = messages.slice(-MESSAGES);
  let bytes = 0;
  const first = last.findLastIndex((message) => (bytes += encoder.encode(JSON.stringify(message)).length) > BYTES);
  return last.slice(first + 1);
}

/**
 * @param {unknown} message
 * @returns {Message | null}
 */
function messageOf(message) {
  if (!isObject(message)) return null;
  const { id, author, text, at } = message;
  if (!AUTHORS.includes(String(author))) return null;
  return messageWith(id, /** @type {import("./types.js").Author} */ (author), typeof text === "string" ? text : "", at);
}

/**
 * @param {unknown} id
 * @param {import("./types.js").Author} author
 * @param {string} text
 * @param {unknown} at seconds since 1970, or a date
 * @returns {Message}
 */
export function messageWith(id, author, text, at) {
  const messageId = shortened(id);
  const time = timeOf(at);
  return { ...(messageId && { id: messageId }), author, text: cut(text, CHARACTERS), ...(time && { at: time }) };
}

/** @param {unknown} at */
function timeOf(at) {
  if (typeof at !== "number" && typeof at !== "string") return undefined;
  const time = new Date(typeof at === "number" ? at * 1000 : at);
  const isTime = !Number.isNaN(time.getTime()) && time.getUTCFullYear() > 1900 && time.getUTCFullYear() < 10_000;
  return isTime ? time.toISOString() : undefined;
}

/**
 * An id, which some desks have as a number.
 *
 * @param {unknown} id
 * @returns {string | undefined}
 */
function shortened(id) {
  return typeof id === "string" || typeof id === "number" ? String(id).slice(0, ID) || undefined : undefined;
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isObject(value) {
  return typeof value === "object" && value !== null;
}
