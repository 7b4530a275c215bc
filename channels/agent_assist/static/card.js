// @ts-check
/** One suggestion: what to answer, how sure that is, and why. */

import { button, el, icons, newId } from "./dom.js";
import { link, linked } from "./linked.js";
import { ThumbsAndWhy } from "./thumbs.js";
import { kinds, levels, texts } from "./texts.js";

/** @typedef {import("./types.js").Suggestion} Suggestion */
/**
 * @typedef {{
 *   canInsert: () => boolean,
 *   insert: (card: Card) => void,
 *   copy: (card: Card) => void,
 *   tell: (card: Card, event: import("./types.js").Event, reason?: string) => void,
 *   say: (text: string) => void,
 *   arrange: () => void,
 * }} Actions
 */

export class Card {
  #title = newId();
  #head = el("div", { class: "head" });
  /** What the agent reads, or selects. */
  draft = el("div", { class: "draft" });
  #area = el("textarea", { id: newId(), rows: "3", spellcheck: "true" });
  #editor = el("div", { class: "editor", hidden: true }, el("label", { for: this.#area.id }, texts.draft), this.#area);
  #more = el("div", { class: "more" });
  #note = el("p", { class: "note", hidden: true });
  #done = el("p", { class: "done", hidden: true });
  #insert = button({ class: "primary", "aria-describedby": this.#title }, () => this.#actions.insert(this), texts.insert);
  #copy = button({ "aria-describedby": this.#title }, () => this.#actions.copy(this), texts.copy);
  #edit = button({ "aria-describedby": this.#title }, () => this.#toggleEdit(), texts.edit);
  #dismiss = button({ "aria-describedby": this.#title }, () => this.dismiss(true), texts.dismiss);
  #undo = button({}, () => this.dismiss(false), texts.undo);
  #gone = el("p", { class: "gone", hidden: true });
  #body;
  element;
  /** @type {string | null} What the agent made of the draft, once it was taken. */
  #edited = null;
  /** @type {string[]} */
  #quotes = [];
  #isOutdated = false;
  isDismissed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #telling;
  #actions;
  #level;

  /**
   * @param {Suggestion} suggestion
   * @param {string[]} quotes the customer's words that it rests on
   * @param {"h3" | "h4"} level
   * @param {Actions} actions
   */
  constructor(suggestion, quotes, level, actions) {
    this.suggestion = suggestion;
    this.#actions = actions;
    this.#level = level;
    const thumbs = new ThumbsAndWhy(this.#title, (event, reason) => actions.tell(this, event, reason), actions.say);
    const judging = el("span", { class: "judging" }, ...thumbs.buttons, this.#dismiss);
    const buttons = el("div", { class: "buttons" }, this.#insert, this.#copy, this.#edit, judging);
    this.#body = el("div", {}, this.#note, this.#head, this.draft, this.#editor, this.#done, buttons, thumbs.form, this.#more);
    this.element = el("article", { class: "card", "aria-labelledby": this.#title }, this.#body, this.#gone);
    this.#area.addEventListener("input", () => this.#fit());
    this.#area.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.stopPropagation();
      this.#cancel();
    });
    this.#fill(quotes);
    this.refresh();
  }

  /** What would be inserted now. */
  get text() {
    return this.isEditing ? this.#area.value : (this.#edited ?? this.suggestion.reply_draft);
  }

  get isEditing() {
    return !this.#editor.hidden;
  }

  get isOutdated() {
    return this.#isOutdated;
  }

  /** The conversation moved on while the agent was editing. */
  set isOutdated(isOutdated) {
    this.#isOutdated = isOutdated;
    this.#note.hidden = !isOutdated;
    this.#note.textContent = isOutdated ? texts.moved : "";
  }

  /** Where to select the text from, if it could not be copied. */
  get selectable() {
    return this.isEditing ? this.#area : this.draft;
  }

  /**
   * Whether another suggestion says the same: ids change with every message, what is on the screen need not.
   *
   * @param {Suggestion} other
   */
  isSame({ kind, title, reply_draft }) {
    return this.suggestion.kind === kind && this.suggestion.title === title && this.suggestion.reply_draft === reply_draft;
  }

  /**
   * The same suggestion, perhaps with another confidence.
   *
   * @param {Suggestion} suggestion
   * @param {string[]} quotes
   */
  update(suggestion, quotes) {
    const isUnchanged = JSON.stringify([{ ...suggestion, id: "" }, quotes]) === JSON.stringify([{ ...this.suggestion, id: "" }, this.#quotes]);
    this.suggestion = suggestion;
    this.isOutdated = false;
    if (!isUnchanged) this.#fill(quotes);
  }

  /**
   * Its place in the list, which shortcuts count from 1; null if it has none.
   *
   * @param {number | null} place
   */
  set place(place) {
    const number = this.#head.querySelector(".number");
    if (number) number.textContent = place === null ? "" : String(place);
    for (const taking of [this.#insert, this.#copy]) taking.removeAttribute("aria-keyshortcuts");
    if (place !== null) (this.#actions.canInsert() ? this.#insert : this.#copy).setAttribute("aria-keyshortcuts", `Alt+${place}`);
  }

  /** Some desks take no text from us; there, copying is the way. */
  refresh() {
    const canInsert = this.#actions.canInsert();
    this.#insert.hidden = !canInsert;
    this.#copy.classList.toggle("primary", !canInsert);
  }

  focus() {
    (this.#insert.hidden ? this.#copy : this.#insert).focus();
  }

  edit() {
    if (!this.isEditing) this.#toggleEdit();
    else this.#area.focus();
  }

  /**
   * The agent has taken it as it stands.
   *
   * @param {string} status
   */
  taken(status) {
    const text = this.text;
    this.#edited = text === this.suggestion.reply_draft ? null : text;
    this.#close();
    this.#done.textContent = this.#edited === null ? status : `${status} – ${texts.edited}`;
    this.#done.hidden = false;
  }

  /**
   * Put it away, or back. The figures hear of it once the agent has had time for second thoughts.
   *
   * @param {boolean} isDismissed
   */
  dismiss(isDismissed) {
    if (isDismissed && this.isEditing) this.#close();
    this.isDismissed = isDismissed;
    this.#gone.replaceChildren(texts.dismissed(this.suggestion.title), " ", this.#undo);
    this.#gone.hidden = !isDismissed;
    this.#body.hidden = isDismissed;
    clearTimeout(this.#telling);
    if (isDismissed) this.#telling = setTimeout(() => this.#actions.tell(this, "dismissed"), 5000);
    this.#actions.arrange();
    if (isDismissed) this.#undo.focus();
    else this.#dismiss.focus();
  }

  #toggleEdit() {
    if (this.isEditing) return this.#cancel();
    this.#area.value = this.text;
    this.#editor.hidden = false;
    this.draft.hidden = true;
    this.#done.hidden = true;
    this.#edit.textContent = texts.cancel;
    this.#fit();
    this.#area.focus();
    this.#area.setSelectionRange(this.#area.value.length, this.#area.value.length);
  }

  #cancel() {
    this.#close();
    this.#edit.focus();
    this.#actions.say(texts.cancelled);
    if (this.#isOutdated) this.#actions.arrange();
  }

  #close() {
    this.#editor.hidden = true;
    this.draft.hidden = false;
    this.draft.replaceChildren(...linked(this.text));
    this.#edit.textContent = texts.edit;
  }

  /** As high as its text; the style sheet says up to where. */
  #fit() {
    this.#area.style.height = "auto";
    this.#area.style.height = `${this.#area.scrollHeight + 2}px`;
  }

  /** @param {string[]} quotes */
  #fill(quotes) {
    this.#quotes = quotes;
    const { kind, title, confidence, confidence_level: level } = this.suggestion;
    const number = this.#head.querySelector(".number")?.textContent ?? "";
    this.#head.replaceChildren(
      el(
        "div",
        { class: "tags" },
        el("span", { class: "number", "aria-hidden": "true" }, number),
        el("span", { class: `kind ${known(kind, kinds)}` }, iconOf(kind), kinds[kind] ?? kind),
        el(
          "span",
          { class: `confidence ${known(level, levels)}` },
          el("span", { class: "bars", "aria-hidden": "true" }, el("i"), el("i"), el("i")),
          texts.confidence(levels[level] ?? level, confidence),
        ),
      ),
      el(this.#level, { id: this.#title }, title),
    );
    if (!this.isEditing) this.draft.replaceChildren(...linked(this.text));
    const wasOpen = this.#more.querySelector("details")?.open ?? false;
    this.#more.replaceChildren(...moreOf(this.suggestion, quotes, wasOpen));
  }
}

/**
 * Why: what is missing, what it rests on, where it stands.
 *
 * @param {Suggestion} suggestion
 * @param {string[]} quotes
 * @param {boolean} isOpen
 * @returns {HTMLElement[]}
 */
function moreOf({ reply_draft, links, quick_replies, missing, source }, quotes, isOpen) {
  const chips = quick_replies.map(({ title }) => el("li", {}, title));
  const others = links.filter(({ url }) => !reply_draft.includes(url)).map(({ title, url }) => el("li", {}, link(url, title)));
  const sentences = source.sentences.map((sentence) => el("blockquote", {}, sentence));
  const parts = [
    chips.length && el("div", { class: "replies" }, el("p", {}, texts.quickReplies), el("ul", { class: "chips" }, ...chips)),
    others.length && el("ul", { class: "links" }, ...others),
    missing.length && el("p", { class: "missing" }, texts.missing(missing.map(({ title }) => title))),
    quotes.length &&
      el("p", { class: "based" }, el("span", {}, texts.basedOn), ...quotes.flatMap((quote) => [" ", el("span", { class: "quote" }, quote)])),
    sentences.length &&
      el(
        "details",
        isOpen ? { open: true } : {},
        el("summary", {}, texts.source(source.title)),
        ...sentences,
        el("p", { class: "version" }, texts.version(source.version)),
      ),
  ];
  return parts.filter((part) => part instanceof HTMLElement);
}

/**
 * A name for the style sheet, if it is one that it knows.
 *
 * @param {string} name
 * @param {Record<string, string>} names
 */
function known(name, names) {
  return Object.hasOwn(names, name) ? name.toLowerCase() : "";
}

/** @param {string} kind */
function iconOf(kind) {
  return kind === "next_question" ? icons.next_question() : kind === "hand_over" ? icons.hand_over() : icons.answer();
}
