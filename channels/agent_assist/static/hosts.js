// @ts-check
/** The desk around the panel, when that is in a frame: any that speaks our small protocol, or Chatwoot. */

import { transcriptOfChatwoot } from "./chatwoot.js";
import { transcriptOf } from "./transcript.js";

/** Chatwoot answers this with what it knows of the conversation; by itself, it says nothing when a message comes. */
const FETCH = "chatwoot-dashboard-app:fetch-info";
/** Milliseconds. */
const EVERY = 3000;

export class Frame {
  /** @type {string | null} Who has spoken to us: an origin of the list. */
  #origin = null;
  #isChatwoot = false;
  #isOurs = false;
  #isFetching = false;
  #origins;
  #listener;

  /**
   * @param {string[]} origins desks that we listen to
   * @param {import("./types.js").HostListener} listener
   */
  constructor(origins, listener) {
    this.#origins = origins;
    this.#listener = listener;
  }

  get canInsert() {
    return !this.#isChatwoot;
  }

  start() {
    addEventListener("message", (event) => this.#receive(event));
    parent.postMessage({ type: "aiguilleur:ready" }, "*"); // says nothing to whoever frames us
    this.#fetch();
    setInterval(() => this.#fetch(), EVERY);
  }

  /**
   * @param {string} suggestionId
   * @param {string} text
   */
  insert(suggestionId, text) {
    if (this.#origin) parent.postMessage({ type: "aiguilleur:insert", suggestion_id: suggestionId, text }, this.#origin);
  }

  /** What is not on the screen paints nothing, and so asks nothing: neither a page in the background nor a hidden frame. */
  #fetch() {
    if (this.#isOurs || this.#isFetching) return;
    this.#isFetching = true;
    requestAnimationFrame(() => {
      this.#isFetching = false;
      parent.postMessage(FETCH, this.#origin ?? "*");
    });
  }

  /** @param {MessageEvent<unknown>} event */
  #receive({ source, origin, data }) {
    if (source !== parent || !this.#origins.includes(origin)) return;
    const message = objectOf(data);
    if (message["type"] === "aiguilleur:transcript") this.#ours(origin, message);
    else if (message["type"] === "aiguilleur:sent") this.#sent(message);
    else if (message["event"] === "appContext") this.#chatwoot(origin, objectOf(message["data"]));
  }

  /**
   * @param {string} origin
   * @param {Record<string, unknown>} message
   */
  #ours(origin, message) {
    const transcript = transcriptOf(message);
    if (!transcript) return;
    const wasChatwoot = this.#isChatwoot;
    this.#origin = origin;
    this.#isOurs = true;
    this.#isChatwoot = false;
    if (wasChatwoot) this.#listener.onHost();
    this.#listener.onTranscript(transcript);
  }

  /** @param {Record<string, unknown>} message */
  #sent({ suggestion_id, text }) {
    if (typeof suggestion_id === "string" && suggestion_id && typeof text === "string") this.#listener.onSent(suggestion_id, text);
  }

  /**
   * @param {string} origin
   * @param {Record<string, unknown>} context
   */
  #chatwoot(origin, context) {
    const transcript = transcriptOfChatwoot(objectOf(context["conversation"]));
    if (!transcript || this.#isOurs) return;
    this.#origin = origin;
    if (!this.#isChatwoot) {
      this.#isChatwoot = true;
      this.#listener.onHost();
    }
    this.#listener.onTranscript(transcript);
  }
}

/**
 * What a desk says, as an object: some say it as JSON. Anything else is an object without anything.
 *
 * @param {unknown} data
 * @returns {Record<string, unknown>}
 */
export function objectOf(data) {
  let value = data;
  if (typeof data === "string") {
    try {
      value = JSON.parse(data);
    } catch {
      return {};
    }
  }
  return typeof value === "object" && value !== null ? /** @type {Record<string, unknown>} */ (value) : {};
}

/** The desks that the server lists on the page. */
export function desks() {
  const listed = document.querySelector("meta[name=desks]")?.getAttribute("content") ?? "";
  return listed.split(/\s+/).filter((desk) => /^https?:\/\//.test(desk) && URL.canParse(desk)).map((desk) => new URL(desk).origin);
}
