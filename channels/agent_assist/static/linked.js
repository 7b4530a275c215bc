// @ts-check
/** A text with its https addresses as links; nothing else becomes one, whatever a text says. */

import { el, icons } from "./dom.js";
import { texts } from "./texts.js";

const LINK = /https:\/\/[^\s<>"«»]+/gi;
const TRAILING = /[.,;:!?…’')\]]+$/;

/**
 * The text, whole, as nodes.
 *
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function linked(text) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    const address = found[0].replace(TRAILING, "");
    parts.push(text.slice(end, found.index), link(address, address));
    end = found.index + address.length;
  }
  return [...parts, text.slice(end)];
}

/**
 * A link to an https address; mere text for any other.
 *
 * @param {string} address
 * @param {string} title
 * @returns {Node}
 */
export function link(address, title) {
  if (!/^https:\/\//i.test(address) || !URL.canParse(address)) return document.createTextNode(title);
  const attributes = { href: address, target: "_blank", rel: "noopener noreferrer" };
  return el("a", attributes, title, icons.external(), el("span", { class: "unseen" }, ` ${texts.newWindow}`));
}
