// @ts-check
/** The access key: from the address or from a form. It goes to the server as a header, and nowhere else. */

import { el, newId } from "./dom.js";
import { Kept } from "./storage.js";
import { texts } from "./texts.js";

export class Access {
  #kept = new Kept("aiguilleur agent token", () => sessionStorage);
  #field = el("input", { type: "password", id: newId(), autocomplete: "off", spellcheck: "false", required: true });
  #problem = el("p", { class: "problem", id: newId() });
  element = el("form", { class: "access", hidden: true, novalidate: true });
  #onKey;

  /** @param {() => void} onKey there is a key that was not tried yet */
  constructor(onKey) {
    this.#onKey = onKey;
    const hint = el("p", { class: "hint", id: newId() }, texts.keyHint);
    this.#field.setAttribute("aria-describedby", `${this.#problem.id} ${hint.id}`);
    this.element.append(
      el("label", { for: this.#field.id }, texts.key),
      this.#field,
      this.#problem,
      hint,
      el("button", { type: "submit", class: "primary" }, texts.enter),
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(this.#field.value.trim());
    });
    this.#takeFromAddress();
    addEventListener("hashchange", () => this.#takeFromAddress() && onKey());
  }

  /** @returns {string | null} */
  get token() {
    return this.#kept.value;
  }

  /**
   * The server does not take the key, or wants one: ask for it. Takes no focus, for the agent may be writing.
   *
   * @param {boolean} isKnown the server knows the key, but it is for something else
   */
  ask(isKnown = false) {
    const hadKey = this.token !== null;
    this.#kept.value = null;
    this.element.hidden = false;
    if (hadKey) this.#say(isKnown ? texts.keyForbidden : texts.keyRefused);
  }

  /** The key is right, or none is needed. */
  settle() {
    this.element.hidden = true;
    this.#field.value = "";
    this.#say("");
  }

  /** @param {string} key */
  #submit(key) {
    if (!key) return this.#say(texts.keyEmpty);
    if (!isHeader(key)) return this.#say(texts.keyRefused);
    this.#kept.value = key;
    this.#onKey();
  }

  /** @param {string} problem */
  #say(problem) {
    this.#problem.textContent = problem;
    if (problem) this.#field.setAttribute("aria-invalid", "true");
    else this.#field.removeAttribute("aria-invalid");
    this.#problem.setAttribute("role", problem ? "alert" : "none");
  }

  /** Out of the address bar at once: addresses are shown, kept and shared. */
  #takeFromAddress() {
    const fragment = new URLSearchParams(location.hash.slice(1));
    const token = fragment.get("token");
    if (token === null) return false;
    fragment.delete("token");
    const rest = fragment.toString();
    history.replaceState(history.state, "", location.pathname + location.search + (rest && `#${rest}`));
    if (isHeader(token.trim())) this.#kept.value = token.trim();
    return true;
  }
}

/**
 * Whether a text can be sent in a header.
 *
 * @param {string} text
 */
function isHeader(text) {
  return /^[\x21-\x7e]+$/.test(text);
}
