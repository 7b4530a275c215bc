/** Where people write. */

import { button, el, icons } from "./dom";
import { texts } from "./texts";
import { MAX_CHARACTERS } from "./types";

export class Composer {
  private readonly area = el("textarea", {
    id: "input",
    rows: "1",
    maxlength: String(MAX_CHARACTERS),
    placeholder: texts.placeholder,
    "aria-describedby": "left hint",
    title: texts.input,
    autocomplete: "off",
  });
  private readonly left = el("span", { class: "left", id: "left" });
  readonly element = el(
    "form",
    { class: "composer" },
    el("label", { for: "input", class: "unseen" }, texts.input),
    el("div", { class: "field" }, this.area, el("button", { type: "submit", class: "send", "aria-label": texts.send }, icons.send())),
    this.left,
  );
  readonly foot: HTMLElement;

  constructor(onSend: (text: string) => void, onPerson: () => void) {
    this.foot = el(
      "div",
      { class: "foot" },
      button({ class: "link person" }, onPerson, icons.person(), texts.person),
      el("span", { id: "hint" }, texts.hint),
    );
    this.area.addEventListener("input", () => this.fit());
    this.area.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.element.requestSubmit();
    });
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.area.value.trim();
      if (text) onSend(text);
      this.area.value = "";
      this.fit();
      this.area.focus();
    });
  }

  focus(): void {
    this.area.focus();
  }

  /** As high as its text, up to a few lines (the style sheet says how many). */
  private fit(): void {
    const left = MAX_CHARACTERS - this.area.value.length;
    this.left.textContent = left < 200 ? texts.left(left) : "";
    this.area.style.height = "auto";
    this.area.style.height = `${this.area.scrollHeight}px`;
  }
}
