// The bot's own marks: the few elements that its letters have. Everything else in them becomes plain text.

import { el } from "./dom.js";

const ALLOWED = new Set(["STRONG", "EM", "CODE", "BR", "UL", "OL", "LI", "P"]);
const SHORT = 30; // letters of a command that fits on one line, on a phone too
const MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|January|February|March|April|May|June|July|August|September|October|November|December";
const CLOCK = "\\d{1,2}[.:]\\d{2}";
const TOGETHER = new RegExp(`(${CLOCK}(?:\\s?[-–]\\s?${CLOCK})?(?: uur)?|\\d{1,2}-\\d{1,2}-\\d{4}|\\d{1,2} (?:${MONTHS})(?: \\d{4})?)`);

/** Nodes for a letter in HTML: only allowed elements, without attributes; of anything else (links too) its text. */
export function marked(html) {
  return copied(new DOMParser().parseFromString(html, "text/html").body);
}

/** Nodes for plain text in which what can be typed stands between backticks. */
export function marks(text) {
  return text.split("`").flatMap((part, at) => (at % 2 ? [code(part)] : together(part)));
}

function copied(from) {
  return [...from.childNodes].flatMap((node) => {
    if (node.nodeType === Node.TEXT_NODE) return together(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) return [];
    if (node.tagName === "CODE") return [code(node.textContent)];
    return ALLOWED.has(node.tagName) ? [el(node.tagName.toLowerCase(), {}, copied(node))] : copied(node);
  });
}

const code = (text) => el("code", { className: text.length <= SHORT ? "together" : "" }, text);

/** Text in which a time or a day is not broken over two lines. */
export function together(text) {
  return text.split(TOGETHER).filter(Boolean).map((part) => (TOGETHER.test(part) ? el("span", { className: "together" }, part) : part));
}
