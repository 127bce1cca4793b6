// What the linter found in the edition: faults that keep it from playing, and warnings that do not.

import { el, fill } from "./dom.js";
import { store } from "./store.js";
import { inBoth, t } from "./words.js";

/** Show the faults in the place of the chat, when there are any. */
export function showFaults(place) {
  place.hidden = store.faults === null;
  if (store.faults !== null) fill(place, el("h2", {}, t("faults")), el("p", {}, t("faultsWhy")), list(store.faults));
}

/** What is worth another look, in a fold; nothing when there is nothing. */
export function warnings() {
  if (!store.warned.length) return null;
  const title = el("summary", { data: { key: "warned" } }, t("fileWarnings", { n: store.warned.length }));
  return el("details", { className: "warnings" }, title, el("p", {}, t("fileWarningsWhy")), list(store.warned));
}

const list = (found) => el("ul", { className: "flaws" }, found.map(line));

/** Where it stands, what is wrong, and how to mend it. */
function line({ where, what, mend }) {
  return el("li", { dir: "auto" }, where && el("code", {}, where), el("span", {}, inBoth(what)), inBoth(mend) && el("b", {}, inBoth(mend)));
}
