// Who can be played, and what each of them has not read yet.

import { el, fill, oneTab, roving } from "./dom.js";
import { home, store, unreadOf } from "./store.js";
import { t } from "./words.js";

const NAMES = "ul:not(.more) button";

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
  fill(
    list,
    el("h2", {}, t("who")),
    el("p", { className: "why" }, t("whoWhy")),
    el("ul", { "aria-description": t("arrows") }, people.map((it) => el("li", {}, someone(it, act)))),
    el("ul", { className: "more", "aria-label": t("views") }, whole(act).map((it) => el("li", {}, it))),
  );
  oneTab(list, NAMES, (it) => it.getAttribute("aria-current") === "true");
}

const isShown = (id) => id === store.person && !["pictures", "rehearsal"].includes(store.panel);

function someone(it, act) {
  const count = it.id === store.person ? 0 : unreadOf(it.id);
  const about = [it.organisation, it.coordinates && t("coordinator")].filter(Boolean).join(", ");
  return el(
    "button",
    { type: "button", "aria-current": String(isShown(it.id)), data: { key: `who ${it.id}` }, onclick: () => act.look(it.id, home(it.id)) },
    el("span", { className: it.coordinates ? "face desk" : "face", "aria-hidden": "true" }, initials(it.name)),
    el("span", { className: "who" }, el("b", { dir: "auto" }, it.name), el("small", { dir: "auto" }, about)),
    count > 0 && el("span", { className: "count", "aria-label": t("unread", { n: count }) }, count > 99 ? "99+" : String(count)),
  );
}

/** What shows everything: all messages, the pictures, the rehearsal. */
function whole(act) {
  return [
    panel("chat", "≡", t("everybody"), t("everybodyWhy"), store.panel === "chat" && store.person === "", () => act.look("", "")),
    panel("pictures", "◔", t("pictures"), t("picturesShort"), store.panel === "pictures", () => act.panel("pictures")),
    panel("rehearsal", "▷", t("rehearsal"), t("rehearsalShort"), store.panel === "rehearsal", () => act.panel("rehearsal")),
  ];
}

function panel(key, sign, title, about, chosen, onclick) {
  return el(
    "button",
    { type: "button", "aria-current": String(chosen), data: { key: `whole ${key}` }, onclick },
    el("span", { className: "face all", "aria-hidden": "true" }, sign),
    el("span", { className: "who" }, el("b", {}, title), el("small", {}, about)),
  );
}

function initials(name) {
  const words = name.split(" ").filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((it) => [...(it ?? "")][0] ?? "");
  return letters.join("").toUpperCase();
}
