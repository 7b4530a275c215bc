// @ts-check
/** Elements without HTML: text is always text. */

/** @typedef {Node | string | null} Child */

let last = 0;

/** An id that no other element has. */
export function newId() {
  return `e${++last}`;
}

/**
 * An element with attributes (a `true` one is empty) and children.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | true>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value === true ? "" : value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/**
 * A button that does something.
 *
 * @param {Record<string, string | true>} attributes
 * @param {() => void} onClick
 * @param {...Child} children
 */
export function button(attributes, onClick, ...children) {
  const element = el("button", { type: "button", ...attributes }, ...children);
  element.addEventListener("click", onClick);
  return element;
}

/**
 * Have these children, in this order. What is in its place is not touched, nor is what has the focus: to put it back would drop
 * the focus, what is selected, and where a screen reader is.
 *
 * @param {Element} parent
 * @param {Element[]} children
 */
export function arrange(parent, children) {
  for (const child of [...parent.children]) if (!children.includes(child)) child.remove();
  const held = children.find((child) => parent.contains(child) && child.contains(document.activeElement)) ?? null;
  const place = held ? children.indexOf(held) : -1;
  let next = held;
  for (const child of children.slice(0, Math.max(place, 0)).reverse()) {
    if (child.nextElementSibling !== next) parent.insertBefore(child, next);
    next = child;
  }
  let last = held;
  for (const child of children.slice(place + 1)) {
    const there = last ? last.nextElementSibling : parent.firstElementChild;
    if (there !== child) parent.insertBefore(child, there);
    last = child;
  }
}

/**
 * A picture that says nothing to a screen reader: paths in a square of 24.
 *
 * @param {...string} paths
 */
function icon(...paths) {
  const namespace = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(namespace, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  for (const shape of paths) {
    const path = document.createElementNS(namespace, "path");
    path.setAttribute("d", shape);
    picture.append(path);
  }
  return picture;
}

export const icons = {
  /** A line that parts in two: the switch of a railway. */
  switch: () => icon("M6 21V3", "M6 15c0-5 10-3 10-9V4", "M12.5 7 16 3.5 19.5 7"),
  answer: () => icon("M5 12.5l4.5 4.5L19 7.5"),
  next_question: () => icon("M8 9a4 4 0 1 1 5.5 3.700c-1 .5-1.5 1.2-1.5 2.3", "M12 19h.01"),
  hand_over: () => icon("M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z", "M4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5"),
  external: () => icon("M9 5h10v10", "M19 5 6 18"),
  close: () => icon("M6 6l12 12M18 6 6 18"),
  send: () => icon("M4 12h15", "M13 6l6 6-6 6"),
  up: () => icon("M7 11v9H4v-9h3zm0 0l4-8c1.7 0 2.5 1.2 2.2 2.8L12.7 9H18a2 2 0 0 1 2 2.4l-1.3 7A2 2 0 0 1 16.7 20H7"),
  down: () => icon("M17 13V4h3v9h-3zm0 0l-4 8c-1.7 0-2.5-1.2-2.2-2.8L11.3 15H6a2 2 0 0 1-2-2.4l1.3-7A2 2 0 0 1 7.3 4H17"),
};
