// The bot's own marks: the few elements that its letters have. Everything else in them becomes plain text.

import { el } from "./dom.js";

const ALLOWED = new Set(["STRONG", "EM", "CODE", "BR", "UL", "OL", "LI", "P"]);

/** Nodes for a letter in HTML: only allowed elements, without attributes; of anything else (links too) its text. */
export function marked(html) {
  return copied(new DOMParser().parseFromString(html, "text/html").body);
}

function copied(from) {
  return [...from.childNodes].flatMap((node) => {
    if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.data)];
    if (node.nodeType !== Node.ELEMENT_NODE) return [];
    return ALLOWED.has(node.tagName) ? [el(node.tagName.toLowerCase(), {}, copied(node))] : copied(node);
  });
}
