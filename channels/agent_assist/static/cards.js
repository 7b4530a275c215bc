// @ts-check
/** The suggestions of one conversation. What is there is kept and brought up to date, so that edits and focus stay. */

import { Card } from "./card.js";
import { arrange, el } from "./dom.js";

/** @typedef {import("./types.js").Suggestion} Suggestion */

const MOST = 3;

export class Cards {
  element = el("div", { class: "cards" });
  /** @type {Card[]} */
  #cards = [];
  #level;
  #actions;
  #listener;

  /**
   * @param {"h3" | "h4"} level
   * @param {Omit<import("./card.js").Actions, "arrange">} actions
   * @param {{onNew: (card: Card) => void, onGone: (card: Card) => void, onFocusLost: () => void}} listener
   */
  constructor(level, actions, listener) {
    this.#level = level;
    this.#actions = { ...actions, arrange: () => this.#arrange(this.#cards.filter((card) => !card.isOutdated || card.isEditing)) };
    this.#listener = listener;
  }

  /** Those that are not put away, in order. */
  get open() {
    return this.#cards.filter((card) => !card.isDismissed);
  }

  get isEmpty() {
    return this.#cards.length === 0;
  }

  /** The one that has the focus, or the first. */
  get current() {
    return this.open.find(({ element }) => element.contains(document.activeElement)) ?? this.open[0];
  }

  /**
   * What is suggested now. An edit in progress is kept, whatever is suggested.
   *
   * @param {Suggestion[]} suggestions
   * @param {(suggestion: Suggestion) => string[]} quotesOf
   */
  show(suggestions, quotesOf) {
    const before = [...this.#cards];
    const shown = suggestions.slice(0, MOST).map((suggestion) => {
      const same = before.find((card) => card.suggestion.id === suggestion.id) ?? before.find((card) => card.isSame(suggestion));
      if (!same) return this.#make(suggestion, quotesOf(suggestion));
      before.splice(before.indexOf(same), 1);
      same.update(suggestion, quotesOf(suggestion));
      return same;
    });
    const kept = before.filter((card) => card.isEditing);
    for (const card of kept) card.isOutdated = true;
    this.#arrange([...kept, ...shown]);
  }

  /** The desk can do something else than it was thought to. */
  refresh() {
    for (const card of this.#cards) card.refresh();
    this.#number();
  }

  /**
   * @param {Suggestion} suggestion
   * @param {string[]} quotes
   */
  #make(suggestion, quotes) {
    const card = new Card(suggestion, quotes, this.#level, this.#actions);
    this.#listener.onNew(card);
    return card;
  }

  /** @param {Card[]} cards */
  #arrange(cards) {
    const focused = document.activeElement;
    const isLost = this.#cards.some((card) => !cards.includes(card) && card.element.contains(focused));
    for (const card of this.#cards) {
      if (!cards.includes(card)) this.#listener.onGone(card);
    }
    this.#cards = cards;
    arrange(this.element, cards.map(({ element }) => element));
    this.#number();
    if (isLost) this.#listener.onFocusLost();
  }

  #number() {
    for (const card of this.#cards) card.place = null;
    this.open.slice(0, MOST).forEach((card, index) => (card.place = index + 1));
  }
}
