// @ts-check
/** A small support desk, so that the panel can be tried: its customer is made up, and nothing of it is kept. */

import { button, el, icons, newId } from "./dom.js";
import { linked } from "./linked.js";
import { messageWith } from "./transcript.js";

/** @typedef {import("./types.js").Author} Author */
/** @typedef {import("./types.js").Message} Message */

const texts = {
  brand: "Bureau d’assistance",
  demo: "démonstration",
  customer: "Camille",
  about: "Cliente fictive · GoToWebinar",
  you: "Vous",
  bot: "Robot",
  conversation: "Conversation avec Camille",
  reply: "Votre réponse",
  replyHint: "Entrée envoie, Maj + Entrée va à la ligne.",
  send: "Envoyer",
  asCustomer: "Écrire à la place de la cliente",
  sendAsCustomer: "Envoyer comme Camille",
  examples: "Par exemple",
  restart: "Recommencer",
};

/** @type {[Author, string][]} */
const BEGINNING = [
  ["customer", "Bonjour\u00a0!"],
  ["agent", "Bonjour Camille, que puis-je faire pour vous\u00a0?"],
  ["customer", "Qui est le contact de facturation de mon compte\u00a0?"],
];
const EXAMPLES = [
  "Je suis administratrice du compte",
  "On me dit de contacter mon administrateur",
  "Il fera beau demain\u00a0?",
];

export class DemoDesk {
  canInsert = true;
  /** @type {Message[]} */
  #messages = [];
  #conversation = "";
  /** @type {{id: string, text: string}[]} The suggestions that the composer's text comes from. */
  #drafts = [];
  #listener;
  #log = el("div", { class: "log", role: "log", "aria-live": "off", "aria-label": texts.conversation, tabindex: "0" });
  #composer = el("textarea", { id: newId(), rows: "2" });
  #customer = el("input", { type: "text", id: newId(), autocomplete: "off" });
  elements;

  /** @param {import("./types.js").HostListener} listener */
  constructor(listener) {
    this.#listener = listener;
    this.elements = [
      el(
        "header",
        { class: "bar" },
        el("h1", {}, texts.brand, " ", el("small", {}, texts.demo)),
        button({}, () => this.#begin(), texts.restart),
      ),
      el(
        "main",
        { class: "desk" },
        el(
          "div",
          { class: "who" },
          el("span", { class: "face", "aria-hidden": "true" }, texts.customer.charAt(0)),
          el("div", { class: "names" }, el("h2", {}, texts.customer), el("p", {}, texts.about)),
        ),
        this.#log,
        this.#replyForm(),
        this.#customerForm(),
      ),
    ];
  }

  start() {
    this.#begin();
  }

  /**
   * A suggestion, into the composer. What is there stays, before it, and another suggestion does too: an answer and a question make
   * one reply. The same one again takes its own place.
   *
   * @param {string} id
   * @param {string} text
   */
  insert(id, text) {
    const written = this.#composer.value.trimEnd();
    const before = this.#drafts.find((draft) => draft.id === id);
    if (before && written.includes(before.text)) this.#composer.value = written.replace(before.text, () => text);
    else this.#composer.value = written ? `${written}\n\n${text}` : text;
    this.#drafts = [...this.#drafts.filter((draft) => draft !== before), { id, text: text.trim() }];
    this.#fit();
    this.#composer.focus();
    this.#composer.setSelectionRange(this.#composer.value.length, this.#composer.value.length);
    this.#composer.scrollTop = this.#composer.scrollHeight;
  }

  #begin() {
    this.#conversation = `demo-${Date.now()}`;
    this.#messages = BEGINNING.map(([author, text], index) => this.#message(index, author, text));
    this.#log.replaceChildren(...this.#messages.map((message) => bubble(message)));
    this.#composer.value = "";
    this.#drafts = [];
    this.#tell();
  }

  #replyForm() {
    const hint = el("p", { class: "hint", id: newId() }, texts.replyHint);
    this.#composer.setAttribute("aria-describedby", hint.id);
    const form = el(
      "form",
      { class: "composer" },
      el("label", { for: this.#composer.id }, texts.reply),
      this.#composer,
      el("div", { class: "row" }, hint, el("button", { type: "submit", class: "primary" }, texts.send, icons.send())),
    );
    this.#composer.addEventListener("beforeinput", () => {
      const { value, selectionStart, selectionEnd } = this.#composer;
      const isAll = value !== "" && !value.slice(0, selectionStart).trim() && !value.slice(selectionEnd).trim();
      if (isAll) this.#drafts = []; // what comes in its place is the agent's own
    });
    this.#composer.addEventListener("input", () => {
      if (!this.#composer.value.trim()) this.#drafts = [];
      this.#fit();
    });
    this.#composer.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.#composer.value.trim();
      const drafts = this.#drafts;
      this.#composer.focus();
      if (!text) return;
      this.#composer.value = "";
      this.#drafts = [];
      this.#fit();
      for (const draft of drafts) {
        const sent = partOf(text, draft.text, drafts.filter((other) => other !== draft).map((other) => other.text));
        if (sent) this.#listener.onSent(draft.id, sent);
      }
      this.#say("agent", text);
    });
    return form;
  }

  #customerForm() {
    const form = el(
      "form",
      { class: "try" },
      el("label", { for: this.#customer.id }, texts.asCustomer),
      el("div", { class: "row" }, this.#customer, el("button", { type: "submit" }, texts.sendAsCustomer)),
      el(
        "div",
        { class: "examples", role: "group", "aria-label": texts.examples },
        ...EXAMPLES.map((example) => button({ class: "example" }, () => this.#say("customer", example), example)),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.#customer.value.trim();
      this.#customer.value = "";
      this.#customer.focus();
      if (text) this.#say("customer", text);
    });
    return form;
  }

  /**
   * @param {Author} author
   * @param {string} text
   */
  #say(author, text) {
    const message = this.#message(this.#messages.length, author, text);
    this.#messages.push(message);
    this.#log.append(bubble(message));
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#tell();
  }

  /**
   * @param {number} number
   * @param {Author} author
   * @param {string} text
   */
  #message(number, author, text) {
    return messageWith(`${this.#conversation}/${number}`, author, text, Date.now() / 1000);
  }

  #tell() {
    const conversation = { id: this.#conversation, channel: "demo" };
    this.#listener.onTranscript({ conversation, messages: [...this.#messages] });
  }

  /** As high as its text; the style sheet says up to where. */
  #fit() {
    this.#composer.style.height = "auto";
    this.#composer.style.height = `${this.#composer.scrollHeight + 2}px`;
  }
}

/**
 * What became of a draft in a text that was made of several: what stands there word for word was not changed, and what is left
 * without the others is its own.
 *
 * @param {string} text
 * @param {string} draft
 * @param {string[]} others
 */
function partOf(text, draft, others) {
  if (others.length && text.includes(draft)) return draft;
  return others.reduce((rest, other) => rest.replace(other, ""), text).trim();
}

/** @param {Message} message */
function bubble({ author, text, at }) {
  const name = author === "customer" ? texts.customer : author === "agent" ? texts.you : texts.bot;
  const time = at ? new Date(at).toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" }) : "";
  return el(
    "div",
    { class: `message ${author}` },
    el("p", { class: "author" }, name, " ", el("time", at ? { datetime: at } : {}, time)),
    el("div", { class: "bubble" }, ...linked(text)),
  );
}
