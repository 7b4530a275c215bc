// @ts-check
/** What a browser may forbid to keep, as it does in many frames; then it lasts as long as the page. */

export class Kept {
  /** @type {string | null} */
  #known = null;
  #key;
  #storage;

  /**
   * @param {string} key
   * @param {() => Storage} storage asked each time: where it is forbidden, it throws
   */
  constructor(key, storage) {
    this.#key = key;
    this.#storage = storage;
    try {
      this.#known = storage().getItem(key);
    } catch {
      // nothing is kept here
    }
  }

  get value() {
    return this.#known;
  }

  /** @param {string | null} value */
  set value(value) {
    this.#known = value;
    try {
      if (value === null) this.#storage().removeItem(this.#key);
      else this.#storage().setItem(this.#key, value);
    } catch {
      // it lasts as long as the page
    }
  }
}
