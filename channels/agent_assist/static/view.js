// @ts-check
/** The panel on the page: what stands, what is suggested, and what is wrong. */

import { Announcer } from "./announcer.js";
import { Cards } from "./cards.js";
import { cut } from "./cut.js";
import { button, el, icons, newId } from "./dom.js";
import { abstentions, conclusions, noConclusion, texts } from "./texts.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Transcript} Transcript */

/** Conversations whose cards are kept, for agents who go to and fro. */
const KEPT = 20;
/** Characters of the customer's words that are quoted. */
const QUOTED = 240;
/** Milliseconds after which waiting is worth a word. */
const LONG = 800;

export class View {
  announcer = new Announcer();
  #title;
  #problem = el("p", { class: "banner", hidden: true });
  #isOutage = false;
  #again;
  #updating = el("p", { class: "updating", hidden: true }, texts.updating);
  #conclusion = el("p", { class: "conclusion", hidden: true });
  #abstained = el("p", { class: "abstained", hidden: true });
  #heading;
  #empty = el("p", { class: "empty" }, texts.waiting);
  #list = el("div", {});
  element;
  /** @type {Map<string, Cards>} */
  #conversations = new Map();
  /** @type {Cards} */
  cards;
  /** @type {Map<string, string>} What is on the buttons that customers click, by what a click says. */
  #buttons = new Map();
  #announced = "";
  /** @type {Transcript | null} What the conversation was, last time. */
  #transcript = null;
  /** Whether what is suggested answers an older transcript. */
  #isOld = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #makeCards;

  /**
   * @param {boolean} isAlone whether the panel is a part of the demo desk
   * @param {{form: HTMLElement, help: HTMLElement, dialog: HTMLElement}} parts
   * @param {Omit<import("./card.js").Actions, "arrange">} actions
   * @param {{
   *   onNew: (card: import("./card.js").Card) => void, onGone: (card: import("./card.js").Card) => void, onAgain: () => void,
   * }} listener
   */
  constructor(isAlone, { form, help, dialog }, actions, listener) {
    this.#title = el(isAlone ? "h2" : "h1", { id: newId(), tabindex: "-1" }, texts.title);
    this.#heading = el(isAlone ? "h3" : "h2", { class: "heading", hidden: true }, texts.suggestions);
    this.#makeCards = () => new Cards(isAlone ? "h4" : "h3", actions, { ...listener, onFocusLost: () => this.catchFocus() });
    this.#again = button({ class: "again", hidden: true }, listener.onAgain, texts.again);
    this.cards = this.#makeCards();
    this.#list.append(this.cards.element);
    this.element = el(
      isAlone ? "aside" : "main",
      { class: "panel", "aria-labelledby": this.#title.id },
      el(
        "div",
        { class: "top" },
        el("span", { class: "badge" }, icons.switch()),
        el("div", { class: "names" }, this.#title, el("p", {}, texts.subtitle)),
        this.#updating,
        help,
      ),
      this.#problem,
      this.#again,
      form,
      this.#conclusion,
      this.#abstained,
      this.#heading,
      this.#empty,
      this.#list,
      this.announcer.element,
      dialog,
    );
  }

  focus() {
    this.#title.focus();
  }

  /** What had the focus is gone. Whoever writes elsewhere, in the desk around us say, keeps it. */
  catchFocus() {
    if (document.hasFocus()) this.focus();
  }

  /**
   * Something was said, or this is another conversation. That has cards of its own; back in this one, they are as they were,
   * and marked as old until the answer comes.
   *
   * @param {Transcript} transcript
   * @param {boolean} isWaiting whether the customer has said nothing yet
   */
  turnTo(transcript, isWaiting) {
    const id = transcript.conversation.id ?? "";
    if (!id && !continues(transcript, this.#transcript)) this.#conversations.delete(id);
    this.#transcript = transcript;
    this.#turn(id);
    if (isWaiting) {
      this.cards.show([], () => []); // but for an edit in progress
      this.#clear(texts.waiting);
    }
    this.#isOld = !isWaiting && !this.cards.isEmpty;
    this.#heading.textContent = texts.older;
    this.#mark();
  }

  /** @param {string} id */
  #turn(id) {
    const cards = this.#conversations.get(id) ?? this.#makeCards();
    if (cards === this.cards) return;
    this.#announced = ""; // the same suggestions are news in another conversation
    this.#conversations.delete(id);
    this.#conversations.set(id, cards); // the last in use is the last in the map
    if (this.#conversations.size > KEPT) this.#conversations.delete([...this.#conversations.keys()][0] ?? "");
    const hadFocus = this.#list.contains(document.activeElement);
    this.cards = cards;
    this.#list.replaceChildren(cards.element);
    this.cards.refresh();
    this.#clear(texts.reading);
    if (hadFocus) this.catchFocus();
  }

  /** Nothing more is known about the conversation while the server wants a key. */
  lock() {
    this.#clear("");
    this.#isOld = true;
    this.#mark();
  }

  /** @param {string} why */
  #clear(why) {
    this.problem("");
    this.#conclusion.hidden = this.#abstained.hidden = true;
    this.#heading.hidden = this.cards.isEmpty; // cards of before are still read under it
    this.#showEmpty(why);
  }

  /** The server is being asked. */
  asking() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#updating.hidden = false;
      if (!this.#isOld || !this.#problem.hidden) return;
      this.announcer.say(texts.updating);
      this.#announced = ""; // that it is over is said, even if nothing has changed
    }, LONG);
  }

  /**
   * @param {Answer} answer
   * @param {Transcript} transcript what was asked about
   */
  show({ suggestions, abstained, conclusion, missing }, transcript) {
    const wasOutage = this.#isOutage;
    this.#isOld = false;
    this.problem("");
    for (const { quick_replies } of suggestions) {
      for (const { title, payload } of quick_replies) this.#buttons.set(payload, title);
    }
    this.cards.show(suggestions, ({ based_on }) => based_on.flatMap((position) => this.#quote(transcript.messages[position])));
    this.#showConclusion(conclusion, suggestions.some((card) => card.missing.length) ? [] : missing.map(({ title }) => title));
    const why = abstained ? (abstentions[abstained] ?? texts.nothing) : "";
    this.#abstained.textContent = why;
    this.#abstained.hidden = !why;
    this.#heading.textContent = abstained ? texts.standing : texts.suggestions;
    this.#heading.hidden = this.cards.isEmpty;
    this.#showEmpty(why ? "" : texts.nothing);
    this.#announce([wasOutage ? texts.back : "", why, suggestions.length ? texts.count(suggestions.map(({ title }) => title)) : ""]);
  }

  /**
   * Say what is wrong, or that nothing is. What was suggested before stays, greyed.
   *
   * @param {string} problem
   * @param {{isOutage?: boolean, isFinal?: boolean}} [kind] whether nobody answers; whether nothing is tried again by itself
   */
  problem(problem, { isOutage = false, isFinal = false } = {}) {
    clearTimeout(this.#timer);
    this.#updating.hidden = true;
    if (problem && this.#problem.textContent !== problem) this.announcer.say(problem);
    this.#problem.textContent = problem;
    this.#problem.hidden = !problem;
    this.#isOutage = isOutage;
    const hadFocus = this.#again === document.activeElement;
    this.#again.hidden = !isFinal;
    if (hadFocus && !isFinal) this.catchFocus();
    this.#mark();
  }

  #mark() {
    this.element.classList.toggle("stale", this.#isOld || !this.#problem.hidden);
  }

  /** @param {string} text */
  #showEmpty(text) {
    this.#empty.textContent = text;
    this.#empty.hidden = !text || !this.cards.isEmpty;
  }

  /**
   * @param {string | null} conclusion
   * @param {string[]} missing
   */
  #showConclusion(conclusion, missing) {
    const stands = (conclusion && conclusions[conclusion]) ?? noConclusion;
    const more = missing.length ? ` ${texts.missing(missing)}` : "";
    this.#conclusion.replaceChildren(el("strong", {}, texts.conclusion), ` ${stands || noConclusion}${more}`);
    this.#conclusion.hidden = false;
  }

  /** @param {string[]} parts */
  #announce(parts) {
    const text = parts.filter(Boolean).join(" ");
    if (text && text !== this.#announced) this.announcer.say(text);
    this.#announced = text;
  }

  /**
   * What the customer said, short; a click by what was on the button.
   *
   * @param {import("./types.js").Message | undefined} message
   * @returns {string[]}
   */
  #quote(message) {
    if (!message?.text.trim()) return [];
    const text = message.text.trim();
    const title = this.#buttons.get(text);
    if (title) return [texts.clicked(title)];
    if (text.startsWith("button:")) return [texts.clickedSomething];
    return [texts.quote(text.length > QUOTED ? `${cut(text, QUOTED)}…` : text)];
  }
}

/**
 * Whether all that a transcript says was said in another one before: without an id, nothing else tells conversations apart.
 *
 * @param {Transcript} transcript
 * @param {Transcript | null} before
 */
function continues({ messages }, before) {
  return before !== null && !before.conversation.id && before.messages.every((message, index) => isEqual(message, messages[index]));
}

/**
 * @param {unknown} one
 * @param {unknown} other
 */
function isEqual(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
