// @ts-check
/** Tells the server what became of suggestions: one event after the other, again if that fails, and never in the agent's way. */

import { Failed } from "./api.js";
import { cut } from "./cut.js";

/** @typedef {import("./types.js").Event} Event */
/** @typedef {import("./types.js").Details} Details */

/** Milliseconds before each other try. */
const WAITS = [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000];
const MOST = 200;
/** Characters that the server takes. */
const LONGEST = { text: 4000, reason: 2000 };

export class Feedback {
  /** @type {object[]} */
  #waiting = [];
  #isSending = false;
  #api;

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.#api = api;
  }

  /**
   * @param {string} suggestionId
   * @param {Event} event
   * @param {Details} [details]
   */
  tell(suggestionId, event, { final_text, reason } = {}) {
    this.#waiting.push({
      suggestion_id: suggestionId,
      event,
      event_id: uuid(),
      ...(final_text === undefined ? {} : { final_text: cut(final_text, LONGEST.text) }),
      ...(reason ? { reason: cut(reason, LONGEST.reason) } : {}),
    });
    if (this.#waiting.length > MOST) this.#waiting.splice(1, 1); // the first is on its way
    void this.#send();
  }

  async #send() {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      await this.#deliver(next);
      this.#waiting.shift();
    }
    this.#isSending = false;
  }

  /** @param {object} event */
  async #deliver(event) {
    for (const wait of [...WAITS, 0]) {
      try {
        return await this.#api.feedback(event);
      } catch (error) {
        const problem = error instanceof Failed ? error : new Failed(400);
        const mayPass = problem.isPassing || problem.status === 401; // another key may come
        if (!mayPass || !wait) return;
        await new Promise((done) => setTimeout(done, Math.max(wait, problem.wait * 1000)));
      }
    }
  }
}

/** `crypto.randomUUID` is there on https and on this machine only. */
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
