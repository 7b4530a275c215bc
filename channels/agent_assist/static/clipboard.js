// @ts-check
/** Copying, also in a frame whose page does not allow it the modern way (Chatwoot's: issue 9530 of chatwoot/chatwoot). */

import { el } from "./dom.js";

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether it is copied
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyFromField(text);
  }
}

/** @param {string} text */
function copyFromField(text) {
  const before = document.activeElement;
  const field = el("textarea", { class: "unseen", readonly: true, "aria-hidden": "true", tabindex: "-1" });
  field.value = text;
  document.body.append(field);
  field.select();
  let isCopied = false;
  try {
    isCopied = document.execCommand("copy");
  } catch {
    // it is not
  }
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return isCopied;
}

/**
 * Mark a text for the agent to copy.
 *
 * @param {Element} element
 */
export function select(element) {
  if (element instanceof HTMLTextAreaElement) return element.select();
  getSelection()?.selectAllChildren(element);
}
