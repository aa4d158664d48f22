/** The page's words in the steward's language: English as it stands in the code, or from the catalogue in the page. */

const KEPT = "scan:language";
const catalogues = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

/** Any language's words → the English ones: the page may have come in either. */
const english = new Map(Object.values(catalogues).flatMap((one) => Object.entries(one).map(([from, to]) => [to, from])));
const known = new Set(Object.values(catalogues).flatMap((one) => Object.keys(one)));
const still = []; // what stands in the page from the beginning: {text, write}
const listeners = [];
let spoken = first();

function first() {
  const kept = localStorage.getItem(KEPT);
  if (kept === "en" || kept in catalogues) return kept;
  return Object.keys(catalogues).find((one) => navigator.language.startsWith(one)) ?? "en";
}

/** Say a text of this page in the language that is spoken, with its {places} filled. */
export function _(text, values = {}) {
  const said = catalogues[spoken]?.[text] ?? text;
  return said.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
}

/** Mark a text to be said later. */
export const N_ = (text) => text;

export const language = () => spoken;

/** Be told when the language changes. */
export const onSpoken = (listener) => listeners.push(listener);

/** Speak another language from now on, and after the next start. */
export function speak(name) {
  spoken = name;
  localStorage.setItem(KEPT, name);
  say();
  for (const one of listeners) one();
}

function say() {
  document.documentElement.lang = spoken;
  for (const { text, write } of still) write(_(text));
  for (const one of document.querySelectorAll("[data-language]")) {
    one.setAttribute("aria-pressed", String(one.dataset.language === spoken));
  }
}

function keep(found, write) {
  const text = english.get(found) ?? found;
  if (known.has(text)) still.push({ text, write });
}

function gather() {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    const plain = node.data.trim();
    const [before, after] = node.data.split(plain || " ");
    if (plain) keep(plain, (words) => (node.data = before + words + after));
  }
  for (const name of ["aria-label", "placeholder"]) {
    for (const one of document.querySelectorAll(`[${name}]`)) {
      keep(one.getAttribute(name), (words) => one.setAttribute(name, words));
    }
  }
  keep(document.title, (words) => (document.title = words));
  for (const one of document.querySelectorAll("[data-language]")) one.addEventListener("click", () => speak(one.dataset.language));
}

gather();
say();
