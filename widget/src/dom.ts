/** Elements without HTML: text is always text. */

type Child = Node | string | null;
type Attributes = Record<string, string | true>;

/** An element with attributes (a `true` one is empty) and children. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value === true ? "" : value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A button that does something. */
export function button(attributes: Attributes, onClick: () => void, ...children: Child[]): HTMLButtonElement {
  const element = el("button", { type: "button", ...attributes }, ...children);
  element.addEventListener("click", onClick);
  return element;
}

/** A picture that says nothing to a screen reader: paths in a square of 24. */
export function icon(...paths: string[]): SVGElement {
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
  switch: (): SVGElement => icon("M6 21V3", "M6 15c0-5 10-3 10-9V4", "M12.5 7 16 3.5 19.5 7"),
  close: (): SVGElement => icon("M6 6l12 12M18 6 6 18"),
  menu: (): SVGElement => icon("M5 12h.01M12 12h.01M19 12h.01"),
  send: (): SVGElement => icon("M4 12h15", "M13 6l6 6-6 6"),
  check: (): SVGElement => icon("M5 12.5l4.5 4.5L19 7.5"),
  up: (): SVGElement => icon("M7 11v9H4v-9h3zm0 0l4-8c1.7 0 2.5 1.2 2.2 2.8L12.7 9H18a2 2 0 0 1 2 2.4l-1.3 7A2 2 0 0 1 16.7 20H7"),
  down: (): SVGElement => icon("M17 13V4h3v9h-3zm0 0l-4 8c-1.7 0-2.5-1.2-2.2-2.800L11.3 15H6a2 2 0 0 1-2-2.400l1.3-7A2 2 0 0 1 7.3 4H17"),
  person: (): SVGElement => icon("M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z", "M4.5 20.500c1-4 4-5.5 7.5-5.500s6.5 1.5 7.5 5.5"),
};
