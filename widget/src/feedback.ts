/** A comment on an answer, if people wish to add one to their thumb. */

import { el } from "./dom";
import { texts } from "./texts";
import { MAX_CHARACTERS } from "./types";

/**
 * A form that is hidden until a thumb is clicked.
 *
 * `send` gives the reason, in French, if the comment could not be kept.
 */
export function commentForm(send: (comment: string) => Promise<string | undefined>, onSent: () => void): HTMLFormElement {
  const area = el("textarea", { rows: "2", maxlength: String(MAX_CHARACTERS) });
  const problem = el("p", { class: "note", role: "alert" });
  const form = el(
    "form",
    { class: "comment", hidden: true },
    el("label", {}, texts.comment, area),
    problem,
    el("button", { type: "submit", class: "reply" }, texts.sendComment),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const comment = area.value.trim();
    if (!comment) return area.focus();
    void send(comment).then((reason) => {
      problem.textContent = reason ?? "";
      if (reason !== undefined) return;
      form.classList.add("sent");
      form.hidden = true;
      onSent();
    });
  });
  return form;
}
