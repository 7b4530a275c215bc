// @ts-check
/** The panel on the page: what stands, what is suggested, and what is wrong. */

import { Announcer } from "./announcer.js";
import { Cards } from "./cards.js";
import { el, icons, newId } from "./dom.js";
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
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #makeCards;

  /**
   * @param {boolean} isAlone whether the panel is a part of the demo desk
   * @param {{form: HTMLElement, help: HTMLElement, dialog: HTMLElement}} parts
   * @param {Omit<import("./card.js").Actions, "arrange">} actions
   * @param {{onNew: (card: import("./card.js").Card) => void, onGone: (card: import("./card.js").Card) => void}} listener
   */
  constructor(isAlone, { form, help, dialog }, actions, listener) {
    this.#title = el(isAlone ? "h2" : "h1", { id: newId(), tabindex: "-1" }, texts.title);
    this.#heading = el(isAlone ? "h3" : "h2", { class: "heading", hidden: true }, texts.suggestions);
    this.#makeCards = () => new Cards(isAlone ? "h4" : "h3", actions, { ...listener, onFocusLost: () => this.focus() });
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

  /**
   * Another conversation has cards of its own; back in this one, they are as they were.
   *
   * @param {string} id
   * @param {boolean} isWaiting whether the customer has said nothing yet
   */
  turnTo(id, isWaiting) {
    this.#turn(id);
    if (isWaiting) this.#clear(texts.waiting);
  }

  /** @param {string} id */
  #turn(id) {
    const cards = this.#conversations.get(id) ?? this.#makeCards();
    if (cards === this.cards) return;
    this.#conversations.delete(id);
    this.#conversations.set(id, cards); // the last in use is the last in the map
    if (this.#conversations.size > KEPT) this.#conversations.delete([...this.#conversations.keys()][0] ?? "");
    const hadFocus = this.#list.contains(document.activeElement);
    this.cards = cards;
    this.#list.replaceChildren(cards.element);
    this.cards.refresh();
    this.#clear(texts.reading);
    if (hadFocus) this.focus();
  }

  /** Nothing more is known about the conversation while the server wants a key. */
  lock() {
    this.#clear("");
    this.element.classList.add("stale");
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
    this.#timer = setTimeout(() => (this.#updating.hidden = false), LONG);
  }

  /**
   * @param {Answer} answer
   * @param {Transcript} transcript what was asked about
   */
  show({ suggestions, abstained, conclusion, missing }, transcript) {
    const wasBroken = !this.#problem.hidden;
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
    this.#announce([wasBroken ? texts.back : "", why, suggestions.length ? texts.count(suggestions.map(({ title }) => title)) : ""]);
  }

  /**
   * Say what is wrong, or that nothing is. What was suggested before stays, greyed.
   *
   * @param {string} problem
   */
  problem(problem) {
    clearTimeout(this.#timer);
    this.#updating.hidden = true;
    if (problem && this.#problem.textContent !== problem) this.announcer.say(problem);
    this.#problem.textContent = problem;
    this.#problem.hidden = !problem;
    this.element.classList.toggle("stale", Boolean(problem));
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
    return [texts.quote(text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text)];
  }
}
