/** The window of the conversation: beside the page on a large screen, over it on a small one. */

import { Announcer } from "./announcer";
import { Composer } from "./composer";
import { Conversation, type Changes, type Reach } from "./conversation";
import { button, el, icons } from "./dom";
import { Menu } from "./menu";
import { Messages } from "./messages";
import { texts } from "./texts";
import { download, transcript } from "./transcript";
import type { Message } from "./types";

/** Screens that the conversation fills; kept the same in style.css. */
export const SMALL = matchMedia("(max-width: 480px), (max-height: 480px)");
/** A screen reader is told that an answer takes longer, milliseconds. */
const PATIENCE = 2000;

export class Panel implements Changes {
  private readonly announcer = new Announcer();
  private readonly conversation: Conversation;
  private readonly messages: Messages;
  private readonly composer: Composer;
  private readonly menu: Menu;
  private readonly banner = el("p", { class: "banner", hidden: true });
  private readonly title: HTMLElement;
  readonly element: HTMLDialogElement;
  private patience = 0;
  private readonly removed = new AbortController();

  constructor(
    server: string,
    title: string,
    private readonly onClose: () => void,
    /** The bot has said something while the window was closed. */
    private readonly onUnread: () => void,
  ) {
    this.conversation = new Conversation(server, this);
    this.messages = new Messages(this.conversation, () => {
      this.announcer.say(texts.commented);
      this.composer.focus();
    });
    this.composer = new Composer(
      (text) => this.conversation.say(text),
      () => this.conversation.say(texts.person, "button:request_human"),
    );
    this.menu = new Menu({
      restart: () => this.conversation.say(texts.restart, "button:restart"),
      copy: () => void this.copy(),
      download: () => download(this.conversation.messages),
      forget: () => {
        this.conversation.forget();
        this.announcer.say(texts.forgotten);
      },
      announce: (text) => this.announcer.say(text),
    });
    this.title = el("h2", { id: "title", tabindex: "-1" }, title);
    this.element = el(
      "dialog",
      { class: "panel", id: "panel", "aria-labelledby": "title" },
      el(
        "div",
        { class: "head" },
        el("span", { class: "badge" }, icons.switch()),
        el("div", { class: "names" }, this.title, el("p", {}, texts.subtitle)),
        this.menu.element,
        button({ class: "round", "aria-label": texts.close }, () => this.onClose(), icons.close()),
      ),
      this.banner,
      this.messages.element,
      this.composer.element,
      this.composer.foot,
      this.announcer.element,
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.leave(event);
    });
    this.element.addEventListener("cancel", (event) => this.leave(event));
    const { signal } = this.removed;
    SMALL.addEventListener("change", () => this.reopen(), { signal });
    visualViewport?.addEventListener("resize", () => this.fit(), { signal });
    this.onReach("connecting", "connecting");
    this.conversation.open();
  }

  /** Open the window; with `focus`, the user asked for it. */
  open(focus: boolean): void {
    this.show();
    // On a touch screen, focus in the field would cover half of the answer with a keyboard.
    if (!focus && !SMALL.matches) return this.messages.scroll();
    if (matchMedia("(pointer: coarse)").matches) this.title.focus();
    else this.composer.focus();
    this.messages.scroll();
  }

  close(): void {
    this.element.close();
  }

  /** Open it the way that suits the screen now; a window that the page has moved is no longer modal. */
  reopen(): void {
    if (!this.element.open) return;
    const focused = this.focused();
    this.element.close();
    this.show();
    focused?.focus();
  }

  remove(): void {
    this.removed.abort();
    this.conversation.close();
    this.element.remove();
  }

  onChange(news: Message[]): void {
    this.messages.render();
    if (news.length && this.element.open) this.announce(news);
    else if (news.length) this.onUnread();
    clearTimeout(this.patience);
    if (this.conversation.isAnswering) this.patience = setTimeout(() => this.announcer.say(texts.typing), PATIENCE);
  }

  onFailure(reason: string): void {
    if (this.element.open) this.announcer.say(reason);
    else this.onUnread();
  }

  onReach(reach: Reach, before: Reach): void {
    this.banner.hidden = reach === "online";
    this.banner.textContent = reach === "offline" ? texts.offline : texts.loading;
    if (reach === "offline") this.announcer.say(texts.offline);
    if (reach === "online" && before === "offline") this.announcer.say(texts.online);
    this.messages.render();
  }

  /** The messages of one turn are said as one. */
  private announce(news: Message[]): void {
    const replies = news.reduce((count, message) => count + (message.quick_replies?.length ?? 0), 0);
    this.announcer.say([...news.map(({ text }) => text), ...(replies ? [texts.count(replies)] : [])].join("\n"));
  }

  private focused(): HTMLElement | null {
    return (this.element.getRootNode() as ShadowRoot).activeElement as HTMLElement | null;
  }

  private show(): void {
    if (SMALL.matches) this.element.showModal();
    else this.element.setAttribute("open", ""); // as show(), but the focus stays where it is
    this.fit();
  }

  /** On a phone, the window is as high as what the keyboard leaves. */
  private fit(): void {
    this.element.style.setProperty("--viewport", SMALL.matches && visualViewport ? `${visualViewport.height}px` : "100%");
  }

  private leave(event: globalThis.Event): void {
    event.preventDefault();
    event.stopPropagation();
    if (this.menu.isOpen) this.menu.close();
    else this.onClose();
  }

  private async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(transcript(this.conversation.messages));
      this.announcer.say(texts.copied);
    } catch {
      this.announcer.say(texts.notCopied);
    }
  }
}
