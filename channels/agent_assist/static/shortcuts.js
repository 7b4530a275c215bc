// @ts-check
/** Keys for those who write all day: with Alt, listed in a dialog, and not for those who would rather not. */

import { button, el, newId } from "./dom.js";
import { Kept } from "./storage.js";
import { shortcutList, texts } from "./texts.js";

/** Digits by their place, for on French keyboards they need Shift; letters by what is printed on the key, for M is elsewhere
 * there. Option on a Mac writes the signs. */
const LETTERS = new Map([["c", "copy"], ["©", "copy"], ["m", "edit"], ["µ", "edit"]]);

export class Shortcuts {
  #off = new Kept("aiguilleur agent shortcuts off", () => localStorage);
  #dialog;
  button;

  /** @param {{take: (place: number) => void, copy: () => void, edit: () => void, focus: () => void, onSwitched: () => void}} actions */
  constructor(actions) {
    const switched = el("input", { type: "checkbox" });
    switched.checked = !this.#off.value;
    switched.addEventListener("change", () => {
      this.#off.value = switched.checked ? null : "yes";
      actions.onSwitched();
    });
    const heading = el("h2", { id: newId() }, texts.shortcuts);
    this.#dialog = el(
      "dialog",
      { "aria-labelledby": heading.id },
      heading,
      el("p", {}, texts.shortcutsHint),
      el("dl", {}, ...shortcutList.map(([keys, what]) => el("div", {}, el("dt", {}, el("kbd", {}, keys)), el("dd", {}, what)))),
      el("label", { class: "switch" }, switched, texts.shortcutsOn),
      button({ class: "primary" }, () => this.#dialog.close(), texts.close),
    );
    this.button = button(
      { class: "round", "aria-label": texts.shortcuts, title: texts.shortcuts, "aria-haspopup": "dialog" },
      () => this.#dialog.showModal(),
      "?",
    );
    document.addEventListener("keydown", (event) => {
      const action = !this.areOn || this.#dialog.open ? null : actionOf(event);
      if (!action) return;
      event.preventDefault();
      if (event.repeat) return;
      if (typeof action === "number") actions.take(action);
      else actions[action]();
    });
  }

  get areOn() {
    return !this.#off.value;
  }

  get dialog() {
    return this.#dialog;
  }
}

/**
 * @param {KeyboardEvent} event
 * @returns {number | "copy" | "edit" | "focus" | null}
 */
function actionOf(event) {
  const { altKey, ctrlKey, metaKey, shiftKey, code, key } = event;
  if (!altKey || ctrlKey || metaKey || shiftKey || event.isComposing || event.getModifierState("AltGraph")) return null;
  if (code === "Digit0") return "focus";
  const digit = /^Digit([123])$/.exec(code);
  if (digit) return Number(digit[1]);
  return /** @type {"copy" | "edit" | undefined} */ (LETTERS.get(key.toLowerCase())) ?? null;
}
