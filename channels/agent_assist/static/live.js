// @ts-check
/** Keeps the suggestions up with the conversation: the newest question counts, and it is asked until it is answered. */

import { Failed } from "./api.js";

/** @typedef {import("./types.js").Transcript} Transcript */
/** @typedef {import("./types.js").Answer} Answer */

/** Milliseconds: what is said in quick succession is asked about once. */
const DEBOUNCE = 150;
/** Milliseconds until another try, longer each time. */
const WAITS = [2000, 8000, 30_000];

export class Live {
  /** @type {Transcript | null} */
  #transcript = null;
  #key = "";
  #answered = false;
  /** Tries that came to nothing. */
  #tries = 0;
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
   *   onTranscript: (transcript: Transcript, isWaiting: boolean) => void,
   *   onAsking: () => void,
   *   onAnswer: (answer: Answer, transcript: Transcript) => void,
   *   onFailed: (problem: Failed, isFinal: boolean) => void,
   * }} listener what happens; `isWaiting`: for the customer to say something; `isFinal`: nothing is tried again by itself
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
    this.#tries = 0;
    this.#listener.onTranscript(transcript, isWaiting);
    if (!isWaiting) this.#schedule(DEBOUNCE);
  }

  /** Ask now what is not answered yet: the network is back, there is another key, or the agent wants it. */
  again() {
    if (this.#answered || this.#asking) return;
    this.#tries = 0;
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
      this.#listener.onAnswer(answer, transcript);
    } catch (error) {
      if (asking !== this.#asking) return;
      this.#asking = null;
      const problem = error instanceof Failed ? error : new Failed(0);
      // What the server fails at may be this very transcript; it is not asked to for ever.
      const isFinal = problem.status >= 500 && this.#tries >= WAITS.length;
      if (problem.isPassing && !isFinal) this.#later(problem);
      else if (!isFinal) this.#answered = problem.status !== 401 && problem.status !== 403; // it would be refused again
      this.#listener.onFailed(problem, isFinal);
      if (!(error instanceof Failed)) throw error;
    }
  }

  /** @param {Failed} problem */
  #later(problem) {
    this.#notBefore = problem.wait ? Date.now() + problem.wait * 1000 : 0;
    this.#schedule(WAITS[this.#tries] ?? Math.max(...WAITS));
    this.#tries++;
  }
}
