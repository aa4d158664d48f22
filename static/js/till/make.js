/** Elements made in one line. */

/** @param {string} tag @param {Record<string, string>} attributes @param {...(Node | string)} children */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The element with an id. @param {string} id */
export const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** An icon that the page brought along. @param {string} name */
export const icon = (name) =>
  /** @type {HTMLTemplateElement} */ (document.getElementById(`icon-${name}`)).content.cloneNode(true);

/** A button that presses a key, and names it. @param {string} words @param {string} key @param {string} shown @param {string} face */
export const button = (words, key, shown, face = "") =>
  make("button", { type: "button", class: face, "data-press": key }, words, " ", make("kbd", {}, shown));
