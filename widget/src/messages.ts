/** The conversation on the page. What is there is kept and brought up to date, so that focus and reading place stay. */

import type { Conversation } from "./conversation";
import { button, el, icons } from "./dom";
import { commentForm } from "./feedback";
import { richText } from "./text";
import { texts } from "./texts";
import type { Message, QuickReply } from "./types";

const THUMBS: Record<string, () => SVGElement> = { "button:feedback_positive": icons.up, "button:feedback_negative": icons.down };

interface Choice {
  payload: string;
  /** Id of the message that the click was. */
  click: string;
}

interface Shown {
  element: HTMLElement;
  update(): void;
}

export class Messages {
  private readonly typing = el("div", { class: "typing", hidden: true, "aria-hidden": "true" }, el("i"), el("i"), el("i"));
  /** `aria-live` is off: the announcer says what is new, and nothing says the history. */
  readonly element = el("div", { class: "log", role: "log", "aria-live": "off", "aria-label": texts.conversation, tabindex: "0" }, this.typing);
  private readonly shown = new Map<string, Shown>();
  /** Which button of a bot's message was clicked last, by the message's id. */
  private choices = new Map<string, Choice>();
  /** Ids of the clicks made here, and of the bot's messages that they were made on. */
  private readonly clicks = new Map<string, string>();
  /** Id of the bot's message whose thumbs can be clicked: the last that has any. */
  private rated?: string;

  constructor(
    private readonly conversation: Conversation,
    private readonly onCommented: () => void,
  ) {}

  /** Bring the page up to date, and show what was said last if something was. */
  render(): void {
    const messages = this.conversation.messages;
    this.choices = choicesOf(messages, this.clicks);
    this.rated = messages.filter(({ quick_replies }) => quick_replies?.some(({ payload }) => payload in THUMBS)).at(-1)?.id;
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
      if (form && [...this.clicks.values()].includes(message.id)) form.hidden = form.classList.contains("sent");
    };
    return { element, update };
  }

  private async comment(rated: Message, comment: string): Promise<string | undefined> {
    const choice = this.choices.get(rated.id);
    return choice ? this.conversation.comment(comment, choice.click) : texts.unreachable;
  }

  private reply(message: Message, { title, payload }: QuickReply): Shown {
    const chosen = el("span", { class: "unseen" });
    const mark = el("span", { class: "mark", hidden: true }, icons.check());
    const element = button(
      { class: "reply" },
      () => {
        if (element.getAttribute("aria-disabled") === "true") return;
        this.clicks.set(this.conversation.say(title, payload), message.id);
        this.render();
      },
      THUMBS[payload]?.() ?? null,
      title,
      mark,
      chosen,
    );
    const update = (): void => {
      const isChosen = this.choices.get(message.id)?.payload === payload;
      const isPast = payload in THUMBS && message.id !== this.rated; // another answer has taken its place
      element.setAttribute("aria-disabled", String(isChosen || isPast));
      element.classList.toggle("chosen", isChosen);
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
function choicesOf(messages: Message[], clicks: Map<string, string>): Map<string, Choice> {
  const choices = new Map<string, Choice>();
  const shownBy = new Map<string, string>();
  for (const message of messages) {
    for (const { payload } of message.quick_replies ?? []) shownBy.set(payload, message.id);
    if (!message.clicked) continue;
    const asked = clicks.get(message.id) ?? shownBy.get(message.clicked);
    if (asked) choices.set(asked, { payload: message.clicked, click: message.id });
  }
  return choices;
}
