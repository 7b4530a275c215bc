/** One script tag: defines `<aiguilleur-widget>`, and puts one on the page unless the page has its own. */

import { AiguilleurWidget } from "./element";

const NAME = "aiguilleur-widget";
const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;

if (!customElements.get(NAME)) {
  customElements.define(NAME, AiguilleurWidget);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
}

/** The tag's `data-` attributes are those of the element; the server is where the script comes from, unless it says another. */
function start(): void {
  if (document.querySelector(NAME)) return;
  const widget = document.createElement(NAME);
  const server = /^(.*)\/webhooks\/widget\/[^/]*$/.exec(script?.src ?? "")?.[1];
  if (server) widget.setAttribute("server", server);
  for (const name of ["server", "heading", "side", "theme"]) {
    const value = script?.getAttribute(`data-${name}`);
    if (value) widget.setAttribute(name, value);
  }
  document.body.append(widget);
}
