/** What people need now and then: begin again, keep the conversation, erase it. */

import { button, el, icons } from "./dom";
import { texts } from "./texts";

export interface MenuActions {
  restart(): void;
  copy(): void;
  download(): void;
  forget(): void;
  /** Tell a screen reader. */
  announce(text: string): void;
}

export class Menu {
  private isSure = false;
  private readonly forget = button({}, () => this.confirmForget(), texts.forget);
  private readonly list = el("div", { id: "menu", class: "menu", hidden: true });
  private readonly toggle = button(
    { class: "round", "aria-label": texts.menu, "aria-expanded": "false", "aria-controls": "menu" },
    () => this.show(!this.isOpen),
    icons.menu(),
  );
  readonly element = el("div", { class: "more" }, this.toggle, this.list);

  constructor(private readonly actions: MenuActions) {
    const run = (action: () => void) => (): void => {
      this.close();
      action();
    };
    this.list.append(
      button({}, run(actions.restart), texts.restart),
      button({}, run(actions.copy), texts.copy),
      button({}, run(actions.download), texts.download),
      this.forget,
    );
    this.element.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !this.element.contains(relatedTarget)) this.show(false);
    });
  }

  get isOpen(): boolean {
    return !this.list.hidden;
  }

  /** Close it, and go back to the button that opens it. */
  close(): void {
    this.show(false);
    this.toggle.focus();
  }

  private show(isOpen: boolean): void {
    this.list.hidden = !isOpen;
    this.toggle.setAttribute("aria-expanded", String(isOpen));
    this.isSure = false;
    this.forget.textContent = texts.forget;
  }

  private confirmForget(): void {
    if (!this.isSure) {
      this.isSure = true;
      this.forget.textContent = texts.forgetSurely;
      this.actions.announce(texts.forgetSurely);
      return;
    }
    this.close();
    this.actions.forget();
  }
}
