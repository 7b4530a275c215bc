// @ts-check
/** Keeps the suggestions up with the conversation: the newest question counts, and it is asked until it is answered. */

import { Failed } from "./api.js";

/** @typedef {import("./types.js").Transcript} Transcript */
/** @typedef {import("./types.js").Answer} Answer */

/** Milliseconds: what is said in quick succession is asked about once. */
const DEBOUNCE = 150;
/** Milliseconds until another try, longer each time. */
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 30_000;

export class Live {
  /** @type {Transcript | null} */
  #transcript = null;
  #key = "";
  #answered = false;
  #wait = FIRST_WAIT;
  /** When the server lets us ask again. */
  #notBefore = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {AbortController | null} */
  #asking = null;
  #api;
  #listener;

  /**
   * @param {import("./api.js").Api} api
   * @param {{
   *   onAsking: () => void,
   *   onAnswer: (answer: Answer, transcript: Transcript) => void,
   *   onFailed: (problem: Failed) => void,
   * }} listener
   */
  constructor(api, listener) {
    this.#api = api;
    this.#listener = listener;
    addEventListener("online", () => this.again());
  }

  /**
   * The conversation as it is now. The same one again asks nothing.
   *
   * @param {Transcript} transcript
   */
  update(transcript) {
    const key = JSON.stringify(transcript);
    if (key === this.#key) return;
    this.#key = key;
    this.#asking?.abort();
    this.#asking = null;
    clearTimeout(this.#timer);
    const isWaiting = !transcript.messages.some(({ author }) => author === "customer");
    this.#transcript = isWaiting ? null : transcript;
    this.#answered = isWaiting;
    if (!isWaiting) this.#schedule(DEBOUNCE);
  }

  /** Ask now what is not answered yet: the network is back, or there is another key. */
  again() {
    if (this.#answered || this.#asking) return;
    clearTimeout(this.#timer);
    this.#schedule(0);
  }

  /** @param {number} wait */
  #schedule(wait) {
    this.#timer = setTimeout(() => void this.#ask(), Math.max(wait, this.#notBefore - Date.now()));
  }

  async #ask() {
    const transcript = this.#transcript;
    if (!transcript) return;
    const asking = (this.#asking = new AbortController());
    this.#listener.onAsking();
    try {
      const answer = await this.#api.suggest(transcript, asking.signal);
      if (asking !== this.#asking) return; // something was said since: this answers an older question
      this.#asking = null;
      this.#answered = true;
      this.#wait = FIRST_WAIT;
      this.#listener.onAnswer(answer, transcript);
    } catch (error) {
      if (asking !== this.#asking) return;
      this.#asking = null;
      const problem = error instanceof Failed ? error : new Failed(0);
      if (problem.isPassing) this.#later(problem);
      else this.#answered = problem.status !== 401 && problem.status !== 403; // the same question would be refused again
      this.#listener.onFailed(problem);
      if (!(error instanceof Failed)) throw error;
    }
  }

  /** @param {Failed} problem */
  #later(problem) {
    this.#notBefore = problem.wait ? Date.now() + problem.wait * 1000 : 0;
    this.#schedule(this.#wait);
    this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT);
  }
}
