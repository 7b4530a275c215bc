// @ts-check
/** Two thumbs, and why the second. */

import { button, el, icons, newId } from "./dom.js";
import { texts } from "./texts.js";

export class ThumbsAndWhy {
  /** @type {"thumbs_up" | "thumbs_down" | null} */
  #chosen = null;
  #area = el("textarea", { id: newId(), rows: "2", maxlength: "2000" });
  #up;
  #down;
  buttons;
  form;
  #tell;
  #say;

  /**
   * @param {string} title id of the card's title
   * @param {(event: "thumbs_up" | "thumbs_down", reason?: string) => void} tell
   * @param {(text: string) => void} say
   */
  constructor(title, tell, say) {
    this.#tell = tell;
    this.#say = say;
    const shared = { class: "thumb", "aria-pressed": "false", "aria-describedby": title };
    this.#up = button({ ...shared, "aria-label": texts.good, title: texts.good }, () => this.#choose("thumbs_up"), icons.up());
    this.#down = button({ ...shared, "aria-label": texts.bad, title: texts.bad }, () => this.#choose("thumbs_down"), icons.down());
    this.buttons = [this.#up, this.#down];
    this.form = el(
      "form",
      { class: "why", hidden: true },
      el("label", { for: this.#area.id }, texts.why),
      this.#area,
      el("button", { type: "submit" }, texts.sendWhy),
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const reason = this.#area.value.trim();
      if (!reason) return this.#area.focus();
      this.#tell("thumbs_down", reason);
      this.#area.value = "";
      this.form.hidden = true;
      this.#down.focus(); // the form goes, the focus must not
      this.#say(texts.thanks);
    });
  }

  /** @param {"thumbs_up" | "thumbs_down"} thumb */
  #choose(thumb) {
    this.#chosen = this.#chosen === thumb ? null : thumb;
    this.#up.setAttribute("aria-pressed", String(this.#chosen === "thumbs_up"));
    this.#down.setAttribute("aria-pressed", String(this.#chosen === "thumbs_down"));
    this.form.hidden = this.#chosen !== "thumbs_down";
    if (this.#chosen) this.#tell(this.#chosen);
  }
}
