/** The conversation on the page. What is there is kept and brought up to date, so that focus and reading place stay. */

import type { Conversation } from "./conversation";
import { button, el, icons } from "./dom";
import { commentForm } from "./feedback";
import { richText } from "./text";
import { texts } from "./texts";
import type { Message, QuickReply } from "./types";

const THUMBS: Record<string, () => SVGElement> = { "button:feedback_positive": icons.up, "button:feedback_negative": icons.down };

interface Shown {
  element: HTMLElement;
  update(): void;
}

export class Messages {
  private readonly typing = el("div", { class: "typing", hidden: true, "aria-hidden": "true" }, el("i"), el("i"), el("i"));
  /** `aria-live` is off: the announcer says what is new, and nothing says the history. */
  readonly element = el("div", { class: "log", role: "log", "aria-live": "off", "aria-label": texts.conversation, tabindex: "0" }, this.typing);
  private readonly shown = new Map<string, Shown>();
  /** Which button of a bot's message was clicked: its payload. */
  private choices = new Map<string, string>();
  private readonly chosenHere = new Set<string>();

  constructor(
    private readonly conversation: Conversation,
    private readonly onCommented: () => void,
  ) {}

  /** Bring the page up to date, and show what was said last if something was. */
  render(): void {
    const messages = this.conversation.messages;
    this.choices = choicesOf(messages);
    const ids = new Set(messages.map(({ id }) => id));
    for (const [id, { element }] of this.shown) {
      if (ids.has(id)) continue;
      element.remove();
      this.shown.delete(id);
    }
    let isNew = false;
    let place: Element | null = null;
    for (const message of messages) {
      let shown = this.shown.get(message.id);
      if (!shown) {
        shown = message.speaker === "bot" ? this.bot(message) : this.user(message);
        this.shown.set(message.id, shown);
        isNew = true;
      }
      const next: Element | null = place ? place.nextElementSibling : this.element.firstElementChild;
      if (next !== shown.element) this.element.insertBefore(shown.element, next);
      shown.update();
      place = shown.element;
    }
    const wasTyping = !this.typing.hidden;
    this.typing.hidden = !this.conversation.isAnswering;
    if (isNew || wasTyping === this.typing.hidden) this.scroll(messages);
  }

  /** Show the end, but no more than fits below what the user said: an answer is read from its beginning. */
  scroll(messages = this.conversation.messages): void {
    const last = messages.filter(({ speaker }) => speaker === "user").at(-1);
    let asked: Element | null | undefined = last && this.shown.get(last.id)?.element;
    if (asked instanceof HTMLElement && asked.hidden) asked = asked.previousElementSibling; // a thumb
    const top = asked instanceof HTMLElement ? asked.offsetTop - 12 : Infinity;
    this.element.scrollTop = Math.min(top, this.element.scrollHeight);
    // On a very low screen, the window scrolls as a whole (style.css).
    const panel = this.element.parentElement;
    if (panel) panel.scrollTop = Math.min(this.element.offsetTop + top, panel.scrollHeight);
  }

  private user(message: Message): Shown {
    const retry = button({ class: "link" }, () => {
      this.conversation.retry(message);
      this.element.focus(); // the button goes, the focus must not
    }, texts.retry);
    const why = el("span");
    const note = el("p", { class: "note", hidden: true }, why, " ", retry);
    const element = el(
      "div",
      { class: "message user" },
      el("span", { class: "unseen" }, `${texts.you}\u00a0: `),
      el("div", { class: "bubble" }, ...richText(message.text)),
      note,
    );
    const isThumb = message.clicked !== undefined && message.clicked in THUMBS;
    const update = (): void => {
      const delivery = this.conversation.delivery(message);
      element.hidden = isThumb && delivery !== "failed"; // the thumb itself shows that it was chosen
      const isWaiting = delivery === "waiting" && this.conversation.reach !== "online";
      element.classList.toggle("waiting", isWaiting);
      element.classList.toggle("failed", delivery === "failed");
      note.hidden = delivery !== "failed" && !isWaiting;
      retry.hidden = isWaiting;
      why.textContent = isWaiting ? texts.waiting : this.conversation.error(message);
    };
    return { element, update };
  }

  private bot(message: Message): Shown {
    const bubble = el("div", { class: "bubble" }, ...richText(message.text));
    const element = el("div", { class: "message bot" }, el("span", { class: "unseen" }, `${texts.bot}\u00a0: `), bubble);
    const replies = message.quick_replies ?? [];
    if (!replies.length) return { element, update: () => undefined };
    const isRating = replies.some(({ payload }) => payload in THUMBS);
    const group = el("div", { class: isRating ? "replies thumbs" : "replies", role: "group", "aria-label": question(message.text) });
    const buttons = replies.map((reply) => this.reply(message, reply));
    group.append(...buttons.map(({ element: reply }) => reply));
    element.append(group);
    const form = isRating ? commentForm((comment) => this.comment(message, comment), this.onCommented) : null;
    if (form) element.append(form);
    const update = (): void => {
      for (const reply of buttons) reply.update();
      if (form && this.chosenHere.has(message.id)) form.hidden = form.classList.contains("sent");
    };
    return { element, update };
  }

  private async comment(rated: Message, comment: string): Promise<string | undefined> {
    const payload = this.choices.get(rated.id);
    const clicks = this.conversation.messages.filter(({ clicked }) => clicked !== undefined && clicked === payload);
    const click = clicks.at(-1);
    return click ? this.conversation.comment(comment, click) : texts.unreachable;
  }

  private reply(message: Message, { title, payload }: QuickReply): Shown {
    const chosen = el("span", { class: "unseen" });
    const mark = el("span", { class: "mark", hidden: true }, icons.check());
    const element = button(
      { class: "reply" },
      () => {
        if (this.choices.get(message.id) === payload) return;
        this.chosenHere.add(message.id);
        this.conversation.say(title, payload);
      },
      THUMBS[payload]?.() ?? null,
      title,
      mark,
      chosen,
    );
    const update = (): void => {
      const isChosen = this.choices.get(message.id) === payload;
      element.setAttribute("aria-disabled", String(isChosen));
      mark.hidden = !isChosen;
      chosen.textContent = isChosen ? ` (${texts.chosen})` : "";
    };
    return { element, update };
  }
}

/** What a group of buttons answers: the text's last sentence, if that is a question. */
function question(text: string): string {
  return /[^\n]*\?\s*$/.exec(text)?.[0].trim() || texts.replies;
}

/** Which button of each bot's message was clicked. A later click on the same question replaces the earlier one. */
function choicesOf(messages: Message[]): Map<string, string> {
  const choices = new Map<string, string>();
  const shownBy = new Map<string, string>();
  for (const message of messages) {
    for (const { payload } of message.quick_replies ?? []) shownBy.set(payload, message.id);
    const asked = message.clicked && shownBy.get(message.clicked);
    if (message.clicked && asked) choices.set(asked, message.clicked);
  }
  return choices;
}

