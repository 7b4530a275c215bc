/** One script tag: defines `<aiguilleur-widget>`, and puts one on the page unless the page has its own. */

import { AiguilleurWidget } from "./element";

const NAME = "aiguilleur-widget";
const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;

if (!customElements.get(NAME)) {
  customElements.define(NAME, AiguilleurWidget);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
}

/** The tag's `data-` attributes are those of the element; the server is where the script comes from. */
function start(): void {
  if (document.querySelector(NAME)) return;
  const widget = document.createElement(NAME);
  widget.setAttribute("server", (script?.src ?? "").replace(/\/webhooks\/widget\/[^/]*$/, "") || location.origin);
  for (const [name, value] of Object.entries(script?.dataset ?? {})) if (value) widget.setAttribute(name, value);
  document.body.append(widget);
}
