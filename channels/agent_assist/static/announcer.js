// @ts-check
/** What a screen reader says by itself: each thing once. Nothing else on the page is a live region. */

import { el } from "./dom.js";

export class Announcer {
  element = el("div", { class: "unseen", role: "status", "aria-live": "polite", "aria-atomic": "false", "aria-relevant": "additions" });

  /**
   * Say something once. The same text twice in a row is said twice.
   *
   * @param {string} text
   */
  say(text) {
    const line = el("p", {}, text);
    this.element.append(line);
    setTimeout(() => line.remove(), 15_000);
  }
}
