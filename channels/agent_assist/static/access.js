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
  #listener;

  /**
   * @param {{onKey: () => void, onFocusLost: () => void, say: (text: string) => void}} listener `onKey`: there is a key that was
   *   not tried yet
   */
  constructor(listener) {
    this.#listener = listener;
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
    addEventListener("hashchange", () => this.#takeFromAddress() && listener.onKey());
  }

  /** @returns {string | null} */
  get token() {
    return this.#kept.value;
  }

  /**
   * The server does not take a key, or wants one: ask for it. Takes no focus, for the agent may be writing.
   *
   * @param {string | null} sent the key that was not taken; another may have come since, and is kept
   * @param {boolean} isKnown the server knows the key, but it is for something else
   * @returns {boolean} whether the key is asked for; otherwise there is another to be tried
   */
  ask(sent, isKnown) {
    if (this.token !== null && this.token !== sent) return false;
    this.#kept.value = null;
    if (this.element.hidden) this.#listener.say(texts.keyWanted);
    this.element.hidden = false;
    if (sent !== null) this.#say(isKnown ? texts.keyForbidden : texts.keyRefused);
    return true;
  }

  /** The key is right, or none is needed. */
  settle() {
    const hadFocus = this.element.contains(document.activeElement);
    this.element.hidden = true;
    if (hadFocus) this.#listener.onFocusLost();
    this.#field.value = "";
    this.#say("");
  }

  /** @param {string} key */
  #submit(key) {
    if (!key) return this.#say(texts.keyEmpty);
    if (!isHeader(key)) return this.#say(texts.keyRefused);
    this.#kept.value = key;
    this.#listener.onKey();
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
    const parts = location.hash.slice(1).split("&");
    const [given, ...more] = parts.filter((part) => part.startsWith("token="));
    if (given === undefined) return false;
    const rest = parts.filter((part) => part !== given && !more.includes(part)).join("&");
    history.replaceState(history.state, "", location.pathname + location.search + (rest && `#${rest}`));
    const token = decoded(given.slice("token=".length)).trim();
    if (isHeader(token)) this.#kept.value = token;
    return true;
  }
}

/**
 * A part of an address as it was meant. Not URLSearchParams, to which a `+` is a space: keys in Base64 have some.
 *
 * @param {string} part
 */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
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
