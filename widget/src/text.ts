/** A message's text as elements: paragraphs, lists, and links that are safe to click. */

import { el, icon } from "./dom";
import { texts } from "./texts";

/** Addresses that may become links; nothing else does, whatever a text says. */
const LINK = /(?:https:\/\/|mailto:|tel:)[^\s<>"«»]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
const TRAILING = /[.,;:!?…’')\]]+$/;
const ITEM = /^(?:(•)|(\d+)\.)\s+(.*)$/;

/** The elements of a text. Line breaks stay; lines with bullets or numbers become lists. */
export function richText(text: string): Node[] {
  const blocks: Node[] = [];
  let list = null as HTMLElement | null;
  let paragraph = null as HTMLElement | null;
  for (const line of text.split("\n")) {
    const item = ITEM.exec(line.trim());
    if (item) {
      const tag = item[1] ? "ul" : "ol";
      if (list?.localName !== tag) blocks.push((list = el(tag)));
      list.append(el("li", item[2] ? { value: item[2] } : {}, ...linked(item[3] ?? "")));
      paragraph = null;
    } else if (!line.trim()) {
      list = paragraph = null;
    } else {
      if (paragraph) paragraph.append(el("br"));
      else blocks.push((paragraph = el("p")));
      paragraph.append(...linked(line));
      list = null;
    }
  }
  return blocks;
}

function linked(text: string): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    const address = found[0].replace(TRAILING, "");
    parts.push(text.slice(end, found.index), link(address));
    end = found.index + address.length;
  }
  parts.push(text.slice(end));
  return parts.filter((part) => part !== "");
}

function link(address: string): HTMLElement {
  if (!/^https:/i.test(address)) return el("a", { href: /^(?:mailto|tel):/i.test(address) ? address : `mailto:${address}` }, address);
  return el(
    "a",
    { href: address, target: "_blank", rel: "noopener noreferrer" },
    address,
    icon("M9 5h10v10", "M19 5 6 18"),
    el("span", { class: "unseen" }, ` ${texts.newWindow}`),
  );
}
