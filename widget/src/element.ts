/** `<aiguilleur-widget>`: the button in the corner of a page, and the window that it opens. */

import { button, el, icons } from "./dom";
import { Panel, SMALL } from "./panel";
import dark from "./dark.css";
import styles from "./style.css";
import { texts } from "./texts";

/** Whether the window is open, for this tab only: no personal data. */
const OPEN = "aiguilleur open";

/** When the dark theme counts, by the attribute `theme`, and without it. */
const DARK: Record<string, string> = { dark: "all", light: "not all" };
const DARK_SYSTEM = "(prefers-color-scheme: dark)";

/**
 * Attributes: `server` (address of the Rasa server, with its scheme), `heading` (the window's title), `side` (`right` or `left`),
 * `theme` (`light` or `dark`; otherwise as the system is).
 */
export class AiguilleurWidget extends HTMLElement {
  static readonly observedAttributes = ["theme"];
  private panel: Panel | null = null;
  private readonly dark = styleSheet(dark, DARK_SYSTEM);
  private readonly label = el("span", { "aria-hidden": "true" }, texts.launcher);
  private readonly launcher = button(
    { class: "launcher", "aria-expanded": "false", "aria-haspopup": "dialog", "aria-label": texts.open },
    () => (this.isOpen ? this.close() : this.open()),
    icons.switch(),
    icons.close(),
    this.label,
  );

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styleSheet(styles), this.dark];
    root.append(this.launcher);
  }

  attributeChangedCallback(): void {
    this.dark.media.mediaText = DARK[this.getAttribute("theme") ?? ""] ?? DARK_SYSTEM;
  }

  connectedCallback(): void {
    this.lang = "fr";
    this.panel?.reopen();
    // On a small screen the window would hide the page that a link has just led to.
    if (stored() && (!SMALL.matches || isReload())) this.open(false);
  }

  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (this.isConnected) return; // only moved
      this.panel?.remove();
      this.panel = null;
      this.show(false);
    });
  }

  get isOpen(): boolean {
    return Boolean(this.panel?.element.open);
  }

  /** Open the window. With `focus`, as if the user had asked for it. */
  open(focus = true): void {
    if (this.isOpen) return;
    if (!this.panel) {
      this.panel = new Panel(this.server, this.getAttribute("heading") ?? texts.title, () => this.close(), () => this.onUnread());
      this.shadowRoot?.append(this.panel.element);
      this.launcher.setAttribute("aria-controls", "panel");
    }
    this.panel.open(focus);
    this.show(true);
    store(true);
  }

  close(): void {
    this.panel?.close();
    this.show(false);
    store(false);
    this.launcher.focus();
  }

  private show(isOpen: boolean): void {
    this.launcher.setAttribute("aria-expanded", String(isOpen));
    this.launcher.setAttribute("aria-label", isOpen ? texts.close : texts.open);
    this.label.textContent = texts.launcher;
    this.toggleAttribute("open", isOpen);
  }

  private onUnread(): void {
    this.launcher.setAttribute("aria-label", texts.unread);
    this.label.textContent = texts.news;
  }

  private get server(): string {
    return (this.getAttribute("server") ?? location.origin).replace(/\/+$/, "");
  }
}

function styleSheet(text: string, media = "all"): CSSStyleSheet {
  const sheet = new CSSStyleSheet({ media });
  sheet.replaceSync(text);
  return sheet;
}

function stored(): boolean {
  try {
    return sessionStorage.getItem(OPEN) === "yes";
  } catch {
    return false;
  }
}

function store(isOpen: boolean): void {
  try {
    sessionStorage.setItem(OPEN, isOpen ? "yes" : "no");
  } catch {
    // storage is forbidden here: the window is closed after a reload
  }
}

function isReload(): boolean {
  return performance.getEntriesByType("navigation").some((entry) => (entry as PerformanceNavigationTiming).type === "reload");
}
