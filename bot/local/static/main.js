// The page: what comes in is kept, what is looked at is shown, and what is done goes out.

import * as chat from "./chat.js";
import { keepHere, wasHere } from "./draft.js";
import { el, fill } from "./dom.js";
import * as people from "./people.js";
import * as pictures from "./pictures.js";
import * as rehearsal from "./rehearsal.js";
import * as step from "./step.js";
import { direct, roomsOf, store, takeIn, unreadOf } from "./store.js";
import * as time from "./time.js";
import { connect } from "./wire.js";
import { firstLanguage, inBoth, language, longDay, speak, t, tellIn } from "./words.js";

const place = (id) => document.getElementById(id);
const PANELS = ["people", "chat", "time", "pictures"];
let journey = null;
let send = () => false;

const act = {
  say: (person, room, text) => { go(person, room); chat.toEnd(); return send({ do: "say", person, room, text }); },
  press: (entry, button) => { chat.toEnd(); send({ do: "press", person: store.person, entry: entry.number, button }); chat.writeOn(); },
  pressAs: (person, room, entry, button) => { go(person, room); chat.toEnd(); send({ do: "press", person, entry, button }); },
  anew: () => { showAnew(); place("anew").showModal(); },
  vote: (entry, chosen) => { chat.toEnd(); send({ do: "vote", person: store.person, entry: entry.number, chosen }); },
  look: (person, room) => go(person, room),
  write: (person, room) => { go(person, room); chat.write(); },
  travel: (to, others = false) => { setOut(); send({ do: "travel", to, others }); },
  ahead: (by) => { setOut(); send({ do: "ahead", by }); },
  journey: (person, room, to, others) => { go(person, room); act.travel(to, others); },
  others: (by) => { setOut(); send({ do: "others", by, all: store.all }); },
  rehearse: () => send({ do: "rehearse", language: language() }),
  panel: (panel) => showPanel(panel),
};

/** From now on count what comes, to tell it when the clock has arrived. */
function setOut() {
  journey = store.entries.size;
  if (store.panel === "chat") chat.toEnd();
}

function go(person, room) {
  const moved = person !== store.person || room !== store.room || store.panel !== "chat";
  store.person = person;
  store.room = room;
  if (moved) {
    store.panel = "chat";
    look();
    showAll();
    chat.show();
  }
}

function look() {
  keepHere();
  send({ do: "look", person: store.person, room: store.room, language: language(), pictures: store.panel === "pictures" });
}

function showPanel(panel) {
  store.panel = panel;
  look();
  showAll();
  const narrow = getComputedStyle(place("bottom")).display !== "none";
  if (narrow && panel !== "chat") place(panel === "pictures" ? "centre" : panel).focus({ preventScroll: true });
}

// ── what comes in ────────────────────────────────────────────────────────────────────────────────────────────────────────

const hear = {
  entries(message) {
    const before = store.person;
    if (message.whole && message.play !== store.play) store.scene = null; // another play: begin as on a first visit
    takeIn(message);
    if (!message.whole) chat.update(message.entries);
    else if (store.scene) {
      look();
      chat.show();
    }
    if (before) showPeople();
    showBottom();
  },
  scene(message) {
    const first = store.scene === null;
    store.scene = message;
    tellIn(message.edition.zone);
    if (first || !known()) begin();
    else showAll();
    arrive();
  },
  closer(message) {
    store.closer = message;
    if (!store.scene) return;
    chat.showFrame();
    chat.welcomeAnew();
    showPictures();
  },
  faults(message) {
    store.faults = message.faults;
    store.panel = "faults";
    showAll();
  },
  busy({ busy }) {
    store.busy = busy;
    document.body.toggleAttribute("data-busy", busy);
    place("columns").setAttribute("aria-busy", String(busy));
  },
  refused({ what }) { toast(t(what)); },
  rehearsal(message) { rehearsal.take(message); },
  fault({ what }) { toast(t("fault", { what })); },
};

const known = () => store.person === "" || (store.scene.people.some((it) => it.id === store.person) && (store.room === "" || roomsOf(store.person).includes(store.room)));

/** Begin as the first participant; after a reload where this tab was. */
function begin() {
  const first = store.scene.people.find((it) => !it.coordinates) ?? store.scene.people[0];
  if (!first) return;
  Object.assign(store, { person: first.id, room: direct(first.id) });
  const { person, room, panel } = wasHere() ?? store;
  if (person === "" || store.scene.people.some((it) => it.id === person)) Object.assign(store, { person, room, panel });
  if (!known()) Object.assign(store, { person: first.id, room: direct(first.id) });
  look();
  showAll();
  chat.show();
}

function arrive() {
  if (journey === null || store.busy === false) return;
  const came = [...store.entries.values()].slice(journey).filter((it) => it.by === "").length;
  journey = null;
  if (came === 0) toast(t("cameNone", { day: longDay(store.scene.clock.now) }));
  else toast(came === 1 ? t("cameOne") : t("came", { n: came }), { look: true });
}

function state(now) {
  if (now === "on") { hideToast(); return; }
  toast(t(now), { stays: true });
}

// ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────────────

let showPeople, showTime, showStep, showPictures, showRehearsal;

function showAll() {
  document.body.dataset.panel = store.panel;
  place("edition").textContent = store.scene?.edition.name ?? "";
  showSwitches();
  showFaults();
  place("chat").hidden = ["pictures", "rehearsal", "faults"].includes(store.panel);
  if (!store.scene) return;
  showPeople();
  showTime();
  showStep();
  showPictures();
  showRehearsal();
  chat.showFrame();
  showBottom();
}

function showSwitches() {
  for (const it of document.querySelectorAll("[data-word]")) it.textContent = t(it.dataset.word);
  for (const it of document.querySelectorAll("[data-label]")) it.setAttribute("aria-label", t(it.dataset.label));
  place("language").textContent = t("switchLanguage");
  place("language").lang = language() === "nl" ? "en" : "nl";
  place("theme").textContent = t(isDark() ? "light" : "dark");
}

function showFaults() {
  place("faults").hidden = store.faults === null;
  if (store.faults === null) return;
  fill(place("faults"), el("h2", {}, t("faults")), el("p", {}, t("faultsWhy")), el("ul", {}, store.faults.map(faultLine)));
}

/** Where it stands, what is wrong, and how to mend it. */
function faultLine({ where, what, mend }) {
  return el("li", { dir: "auto" }, where && el("code", {}, where), el("span", {}, inBoth(what)), inBoth(mend) && el("b", {}, inBoth(mend)));
}

function showBottom() {
  if (!store.scene) return;
  const news = store.scene.people.some((it) => it.id !== store.person && unreadOf(it.id) > 0);
  fill(place("bottom"), PANELS.map((panel) =>
    el("button", { type: "button", "aria-current": String(store.panel === panel), data: { key: panel }, onclick: () => act.panel(panel) }, t(panel), panel === "people" && news && el("span", { className: "spot", "aria-label": t("unread", { n: "" }) })),
  ));
}

let toastTimer = 0;

/** Say something in passing. `look` offers to see all messages; `stays` until something else is said. */
function toast(text, { stays = false, look = false } = {}) {
  clearTimeout(toastTimer);
  const all = el("button", { type: "button", className: "plain", onclick: () => { hideToast(); go("", ""); } }, t("look"));
  place("toast").replaceChildren(text, look ? all : "");
  place("toast").classList.add("shown");
  if (!stays) toastTimer = setTimeout(hideToast, 6000);
}

function hideToast() {
  clearTimeout(toastTimer);
  place("toast").classList.remove("shown");
  place("toast").replaceChildren();
}

// ── light and dark, Dutch and English ────────────────────────────────────────────────────────────────────────────────────

const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";

function dress(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}

place("theme").addEventListener("click", () => {
  const theme = isDark() ? "light" : "dark";
  localStorage.setItem("kring-theme", theme);
  dress(theme);
  showSwitches();
});
dark.addEventListener("change", () => showSwitches());

place("language").addEventListener("click", () => {
  speak(language() === "nl" ? "en" : "nl");
  look();
  showAll();
  if (store.scene) chat.show();
});
/** Ask before everything that was played goes. */
function showAnew() {
  const begin = () => send({ do: "anew" });
  fill(
    place("anew"),
    el("form", { method: "dialog" }, el("h2", { id: "anew-title" }, t("anewSure")), el("p", {}, t("anewWhy")), el(
      "div",
      { className: "do" },
      el("button", { className: "solid", onclick: begin }, t("anew")),
      el("button", { autofocus: true }, t("cancel")),
    )),
  );
}

place("again").addEventListener("click", () => act.anew());
place("explain").addEventListener("click", () => chat.explain());

dress(localStorage.getItem("kring-theme"));
speak(firstLanguage());
chat.build(place("chat"), act);
showPeople = people.build(place("people"), act);
showTime = time.build(place("time"), act);
showStep = step.build(place("step"), act);
showPictures = pictures.build(place("pictures"), act);
showRehearsal = rehearsal.build(place("rehearsal"), act);
showSwitches();
send = connect((message) => hear[message.kind]?.(message), state);
