// @ts-check
/** Requests to the server, and what went wrong with them. */

/** @typedef {import("./types.js").Answer} Answer */

/** Milliseconds after which nobody answers any more. */
const TIMEOUT = 25_000;

/** Why a request came to nothing. `status` is 0 if there was no answer. */
export class Failed extends Error {
  /**
   * @param {number} status
   * @param {string} reason what the server says, in French; empty if it does not
   * @param {number} wait seconds that the server wants us to wait
   * @param {string | null} token the key that was sent
   */
  constructor(status, reason = "", wait = 0, token = null) {
    super(`status ${status}`);
    this.status = status;
    this.reason = reason;
    this.wait = wait;
    this.token = token;
  }

  /** Whether the same request may succeed later. */
  get isPassing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export class Api {
  #token;

  /** @param {() => string | null} token */
  constructor(token) {
    this.#token = token;
  }

  /**
   * @param {object} transcript
   * @param {AbortSignal} signal
   * @returns {Promise<Answer>}
   */
  async suggest(transcript, signal) {
    const answer = await this.#post("suggestions", transcript, signal);
    if (!isAnswer(answer)) throw new Failed(500);
    return answer;
  }

  /** @param {object} feedback */
  async feedback(feedback) {
    await this.#post("feedback", feedback, undefined, true);
  }

  /**
   * @param {string} path
   * @param {object} body
   * @param {AbortSignal} [signal]
   * @param {boolean} [keepalive] to be sent even if the page closes
   * @returns {Promise<unknown>}
   */
  async #post(path, body, signal, keepalive = false) {
    const token = this.#token();
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), TIMEOUT);
    signal?.addEventListener("abort", () => timeout.abort());
    let status = 0;
    try {
      const response = await fetch(new URL(path, import.meta.url), {
        method: "POST",
        headers: { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) },
        body: JSON.stringify(body),
        credentials: "omit",
        cache: "no-store",
        redirect: "error",
        signal: timeout.signal,
        keepalive,
      });
      status = response.status;
      if (response.ok) return await response.json();
      const { error } = await response.json().catch(() => ({}));
      throw new Failed(status, typeof error === "string" ? error : "", Number(response.headers.get("Retry-After")) || 0, token);
    } catch (error) {
      if (error instanceof Failed) throw error;
      throw new Failed(status === 200 ? 500 : status); // not reached, too late, or no JSON
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * Something between us and the server may answer in its place.
 *
 * @param {unknown} answer
 * @returns {answer is Answer}
 */
function isAnswer(answer) {
  return typeof answer === "object" && answer !== null && Array.isArray(/** @type {Answer} */ (answer).suggestions);
}
