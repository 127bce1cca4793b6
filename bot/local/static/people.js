// Who can be played, and what each of them has not read yet.

import { el, fill, oneTab, roving } from "./dom.js";
import { asksOf, home, store } from "./store.js";
import { t } from "./words.js";

const NAMES = ".names button";

/** Build the list in its place. `act` has `look` and `panel`. */
export function build(place, act) {
  const list = el("div", { className: "list" });
  place.append(list);
  roving(place, NAMES);
  return () => show(list, act);
}

function show(list, act) {
  if (!store.scene) return;
  const people = [...store.scene.people].sort((a, b) => Number(b.coordinates) - Number(a.coordinates));
  const names = list.querySelector(".names");
  const scrolled = names?.scrollTop ?? 0;
  fill(
    list,
    el("h2", {}, t("who")),
    el("p", { className: "why" }, t("whoWhy")),
    el("ul", { className: "names", "aria-description": t("arrows") }, people.map((it) => el("li", {}, someone(it, act))), el("li", {}, newcomer(act))),
    el("ul", { className: "more", "aria-label": t("views") }, whole(act).map((it) => el("li", {}, it))),
  );
  list.querySelector(".names").scrollTop = scrolled;
  oneTab(list, NAMES, (it) => it.getAttribute("aria-current") === "true");
}

const isShown = (id) => id === store.person && !["pictures", "rehearsal"].includes(store.panel);

function someone(it, act) {
  const count = it.id === store.person ? 0 : asksOf(it.id);
  const about = [it.organisation, it.coordinates && t("coordinator")].filter(Boolean).join(", ");
  return el(
    "button",
    { type: "button", "aria-current": String(isShown(it.id)), data: { key: `who ${it.id}` }, onclick: () => act.look(it.id, home(it.id)) },
    el("span", { className: it.coordinates ? "face desk" : "face", "aria-hidden": "true" }, initials(it.name)),
    el("span", { className: "who" }, el("b", { dir: "auto" }, it.name), el("small", { dir: "auto" }, about)),
    count > 0 && el("span", { className: "count", title: t("asks", { name: it.name }), "aria-label": t("asks", { name: it.name }) }, "?"),
  );
}

function newcomer(act) {
  const plus = el("span", { className: "face plus", "aria-hidden": "true" }, "+");
  return el("button", { type: "button", data: { key: "join" }, onclick: () => act.join() }, plus, el("span", { className: "who" }, t("newcomer")));
}

/** What shows everything: all messages, the pictures, the rehearsal. */
function whole(act) {
  return [
    panel("chat", "≡", "everybody", store.panel === "chat" && store.person === "", () => act.look("", "")),
    panel("pictures", "◔", "pictures", store.panel === "pictures", () => act.panel("pictures")),
    panel("rehearsal", "▷", "rehearsal", store.panel === "rehearsal", () => act.panel("rehearsal")),
  ];
}

function panel(key, sign, word, chosen, onclick) {
  return el(
    "button",
    { type: "button", "aria-current": String(chosen), title: t(`${word}Short`), data: { key: `whole ${key}` }, onclick },
    el("span", { className: "sign", "aria-hidden": "true" }, sign),
    t(word),
  );
}

function initials(name) {
  const words = name.split(" ").filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((it) => [...(it ?? "")][0] ?? "");
  return letters.join("").toUpperCase();
}
