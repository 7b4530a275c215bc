// @ts-check
/** One suggestion: what to answer, how sure that is, and why. */

import { arrange, button, el, icons, newId } from "./dom.js";
import { link, linked } from "./linked.js";
import { ThumbsAndWhy } from "./thumbs.js";
import { kinds, levels, texts } from "./texts.js";

/** @typedef {import("./types.js").Suggestion} Suggestion */
/**
 * @typedef {{
 *   canInsert: () => boolean,
 *   hasShortcuts: () => boolean,
 *   insert: (card: Card) => void,
 *   copy: (card: Card) => void,
 *   tell: (id: string, event: import("./types.js").Event, reason?: string) => void,
 *   say: (text: string) => void,
 *   arrange: () => void,
 * }} Actions
 */

export class Card {
  #title = newId();
  #number = el("span", { class: "number", "aria-hidden": "true" });
  #tags = el("div", { class: "tags" }, this.#number);
  #heading;
  /** What the agent reads, or selects. */
  draft = el("div", { class: "draft" });
  #area = el("textarea", { id: newId(), rows: "3", spellcheck: "true" });
  #editor = el("div", { class: "editor", hidden: true }, el("label", { for: this.#area.id }, texts.draft), this.#area);
  #replies = el("div", { class: "replies" });
  #links = el("ul", { class: "links" });
  #missing = el("p", { class: "missing" });
  #based = el("p", { class: "based" });
  #source = el("details");
  #more = el("div", { class: "more" });
  /** @type {Map<Element, string>} What was made of what, so that only what has changed is made anew. */
  #made = new Map();
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
  #isOutdated = false;
  /** Under which id it is told what becomes of it: once it was seen, that of when it was. */
  id;
  isSeen = false;
  isDismissed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #telling;
  #actions;

  /**
   * @param {Suggestion} suggestion
   * @param {string[]} quotes the customer's words that it rests on
   * @param {"h3" | "h4"} level
   * @param {Actions} actions
   */
  constructor(suggestion, quotes, level, actions) {
    this.suggestion = suggestion;
    this.id = suggestion.id;
    this.#actions = actions;
    this.#heading = el(level, { id: this.#title });
    const thumbs = new ThumbsAndWhy(this.#title, (event, reason) => actions.tell(this.id, event, reason), actions.say);
    const judging = el("span", { class: "judging" }, ...thumbs.buttons, this.#dismiss);
    const buttons = el("div", { class: "buttons" }, this.#insert, this.#copy, this.#edit, judging);
    const head = el("div", { class: "head" }, this.#tags, this.#heading);
    this.#body = el("div", {}, this.#note, head, this.draft, this.#editor, this.#done, buttons, thumbs.form, this.#more);
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
    this.suggestion = suggestion;
    if (!this.isSeen) this.id = suggestion.id;
    this.isOutdated = false;
    this.#fill(quotes);
  }

  /**
   * Its place in the list, which shortcuts count from 1; null if it has none.
   *
   * @param {number | null} place
   */
  set place(place) {
    this.#number.textContent = place === null ? "" : String(place);
    for (const taking of [this.#insert, this.#copy]) taking.removeAttribute("aria-keyshortcuts");
    if (place !== null && this.#actions.hasShortcuts()) (this.#actions.canInsert() ? this.#insert : this.#copy).setAttribute("aria-keyshortcuts", `Alt+${place}`);
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
    const { id } = this; // what is there in five seconds may be another suggestion
    if (isDismissed) this.#telling = setTimeout(() => this.#actions.tell(id, "dismissed"), 5000);
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
    this.#draw();
    this.#edit.textContent = texts.edit;
  }

  /** As high as its text; the style sheet says up to where. */
  #fit() {
    this.#area.style.height = "auto";
    this.#area.style.height = `${this.#area.scrollHeight + 2}px`;
  }

  #draw() {
    this.#make(this.draft, [this.text], () => linked(this.text));
  }

  /** @param {string[]} quotes */
  #fill(quotes) {
    const hadFocus = this.element.contains(document.activeElement);
    const { kind, title, confidence, confidence_level: level } = this.suggestion;
    this.#make(this.#tags, [kind, confidence, level], () => [
      this.#number,
      el("span", { class: `kind ${known(kind, kinds)}` }, iconOf(kind), kinds[kind] ?? kind),
      el(
        "span",
        { class: `confidence ${known(level, levels)}` },
        el("span", { class: "bars", "aria-hidden": "true" }, el("i"), el("i"), el("i")),
        texts.confidence(levels[level] ?? level, confidence),
      ),
    ]);
    this.#make(this.#heading, [title], () => [title]);
    if (!this.isEditing) this.#draw();
    this.#explain(quotes);
    if (hadFocus && document.hasFocus() && !this.element.contains(document.activeElement)) this.focus();
  }

  /**
   * Why: what is missing, what it rests on, where it stands.
   *
   * @param {string[]} quotes
   */
  #explain(quotes) {
    const { reply_draft, links, quick_replies, missing, source } = this.suggestion;
    const others = links.filter(({ url }) => !reply_draft.includes(url));
    /** @type {[Element, unknown[], () => (Node | string)[]][]} */
    const parts = [
      [
        this.#replies,
        quick_replies,
        () => [el("p", {}, texts.quickReplies), el("ul", { class: "chips" }, ...quick_replies.map(({ title }) => el("li", {}, title)))],
      ],
      [this.#links, others, () => others.map(({ title, url }) => el("li", {}, link(url, title)))],
      [this.#missing, missing, () => [texts.missing(missing.map(({ title }) => title))]],
      [
        this.#based,
        quotes,
        () => [
          el("span", {}, texts.basedOn),
          ...quotes.flatMap((quote, index) => [index ? ", " : " ", el("span", { class: "quote" }, quote)]),
        ],
      ],
      [
        this.#source,
        source.sentences.length ? [source] : [],
        () => [
          el("summary", {}, texts.source(source.title)),
          ...source.sentences.map((sentence) => el("blockquote", {}, sentence)),
          el("p", { class: "version" }, texts.version(source.version)),
        ],
      ],
    ];
    for (const [part, of, make] of parts) this.#make(part, of, make);
    arrange(this.#more, parts.flatMap(([part, of]) => (of.length ? [part] : [])));
  }

  /**
   * Fill an element, unless it is filled with the same already.
   *
   * @param {Element} element
   * @param {unknown[]} of all that its children depend on
   * @param {() => (Node | string)[]} make
   */
  #make(element, of, make) {
    const key = JSON.stringify(of);
    if (this.#made.get(element) === key) return;
    this.#made.set(element, key);
    element.replaceChildren(...make());
  }
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
