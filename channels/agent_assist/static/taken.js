// @ts-check
/** What the agent does with suggestions, and what the figures hear of it. */

import { copy, select } from "./clipboard.js";
import { texts } from "./texts.js";

/** @typedef {import("./card.js").Card} Card */

export class Taken {
  /** @type {Map<string, {draft: string, told: string}>} Drafts that were taken, and what the server knows was made of them. */
  #drafts = new Map();
  /** @type {Set<string>} */
  #displayed = new Set();
  #host;
  #feedback;
  #say;

  /**
   * @param {import("./types.js").Host} host
   * @param {import("./feedback.js").Feedback} feedback
   * @param {(text: string) => void} say
   */
  constructor(host, feedback, say) {
    this.#host = host;
    this.#feedback = feedback;
    this.#say = say;
  }

  /** @param {Card} card */
  insert(card) {
    const { text } = card;
    if (!text.trim()) return card.edit();
    this.#tell(card);
    card.taken(texts.inserted);
    this.#host.insert(card.id, text);
    this.#say(texts.inserted);
  }

  /**
   * Copying is taking, too: in some desks it is the only way.
   *
   * @param {Card} card
   */
  async copy(card) {
    if (!card.text.trim()) return card.edit();
    if (!(await copy(card.text))) {
      select(card.selectable);
      return this.#say(texts.notCopied);
    }
    this.#tell(card);
    const status = this.#host.canInsert ? texts.copied : texts.copiedToPaste;
    card.taken(status);
    this.#say(status);
  }

  /** @param {Card} card */
  displayed(card) {
    card.isSeen = true;
    if (this.#displayed.has(card.id)) return;
    this.#displayed.add(card.id);
    this.#feedback.tell(card.id, "displayed");
  }

  /**
   * The agent has sent something that came from a suggestion.
   *
   * @param {string} id
   * @param {string} text
   */
  sent(id, text) {
    const taken = this.#drafts.get(id);
    if (taken && plain(text) !== plain(taken.draft) && plain(text) !== plain(taken.told)) {
      this.#feedback.tell(id, "edited", { final_text: text });
    }
    this.#feedback.tell(id, "sent", { final_text: text });
  }

  /** @param {Card} card */
  #tell(card) {
    this.displayed(card); // whoever takes it, however fast, has seen it
    const { text, id, suggestion: { reply_draft: draft } } = card;
    const isEdited = plain(text) !== plain(draft);
    const isTold = this.#drafts.get(id)?.told === text;
    this.#drafts.set(id, { draft, told: text });
    if (isEdited && !isTold) this.#feedback.tell(id, "edited", { final_text: text });
    this.#feedback.tell(id, "inserted", isEdited ? { final_text: text } : {});
  }
}

/**
 * Desks may trim a text, or end its lines otherwise.
 *
 * @param {string} text
 */
function plain(text) {
  return text.replace(/\r\n?/g, "\n").trim();
}
