/** What a screen reader says by itself: each thing once. The conversation itself is silent, so that history stays so. */

import { el } from "./dom";

export class Announcer {
  readonly element = el("div", { class: "unseen", role: "status", "aria-live": "polite", "aria-atomic": "false", "aria-relevant": "additions" });

  /** Say something once. The same text twice in a row is said twice. */
  say(text: string): void {
    const line = el("p", {}, text);
    this.element.append(line);
    setTimeout(() => line.remove(), 15_000);
  }
}
