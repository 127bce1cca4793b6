// The page: what comes in is kept, what is looked at is shown, and what is done goes out.

import * as chat from "./chat.js";
import { askAnew, askNewcomer } from "./dialogs.js";
import { el, fill } from "./dom.js";
import { keepHere, wasHere } from "./draft.js";
import { showFaults } from "./faults.js";
import * as people from "./people.js";
import * as pictures from "./pictures.js";
import * as rehearsal from "./rehearsal.js";
import * as step from "./step.js";
import { asksOf, direct, firstName, home, roomsOf, store, takeIn, takeWhole } from "./store.js";
import * as time from "./time.js";
import { hide, toast } from "./toast.js";
import { connect } from "./wire.js";
import { firstLanguage, language, longDay, speak, t, tellIn } from "./words.js";

const place = (id) => document.getElementById(id);
const PANELS = ["people", "chat", "time", "pictures"];
let journey = null; // how many messages there were when the clock set out
let known = null; // who was there before somebody is let in
let wire = { send: () => false, again: () => {} };

/** Let something be done; gives whether it could be sent. From then on the page is busy, until it hears that it is done. */
function send(wish) {
  const sent = wire.send(wish);
  if (sent && !["look", "rehearse"].includes(wish.do)) hear.busy({ busy: true });
  return sent;
}

const act = {
  say: (person, room, text) => { go(person, room); chat.toEnd(); return send({ do: "say", person, room, text }); },
  press: (entry, button) => { chat.toEnd(); send({ do: "press", person: store.person, entry: entry.number, button }); chat.writeOn(); },
  pressAs: (person, room, entry, button) => { go(person, room); chat.toEnd(); send({ do: "press", person, entry, button }); },
  enact: (person, room, lines) => { go(person, room); chat.toEnd(); send({ do: "enact", lines }); },
  anew: () => askAnew(place("anew"), () => send({ do: "anew" })),
  join: () => askNewcomer(place("join"), letIn),
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

function letIn(name, organisation) {
  known = new Set(store.scene.people.map((it) => it.id));
  send({ do: "join", name, organisation });
}

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
  whole(message) {
    chat.empty();
    takeWhole(message);
    hear.busy({ busy: false });
    tellIn(store.scene.edition.zone);
    journey = null;
    if (!isThere()) begin();
    look();
    showAll();
    chat.show();
  },
  entries(message) {
    takeIn(message.entries);
    chat.update(message.entries);
    if (store.busy) time.tick(message.entries);
    showPeople();
    showBottom();
  },
  scene(message) {
    store.scene = message;
    tellIn(message.edition.zone);
    if (!isThere()) begin();
    showAll();
    arrive();
    meetNewcomer();
  },
  closer(message) {
    store.closer = message;
    showStep();
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
    if (!busy) step.settle();
    showStep();
  },
  halted({ person }) {
    journey = null;
    const look = person === store.person ? null : () => go(person, home(person));
    toast(t("halted", { name: firstName(person) }), { look, label: t("goThere") });
  },
  refused({ what }) {
    journey = null;
    hear.busy({ busy: false });
    toast(t(what));
  },
  rehearsal(message) { rehearsal.take(message); },
  fault({ what }) { toast(t("fault", { what })); },
};

/** Take in a message. One about another play than the one that is shown does not fit: then everything is fetched again. */
function heard(message) {
  if (message.play !== undefined && message.kind !== "whole" && message.play !== store.play) wire.again();
  else hear[message.kind]?.(message);
}

/** Whether who is looked on with, and where, is there in this play. */
const isThere = () => store.person === "" ? store.began : store.scene.people.some((it) => it.id === store.person) && (store.room === "" || roomsOf(store.person).includes(store.room));

/** Begin as the first participant; after a reload where this tab was. */
function begin() {
  const first = store.scene.people.find((it) => !it.coordinates) ?? store.scene.people[0];
  if (!first) return;
  const start = { person: first.id, room: direct(first.id), panel: "chat" };
  const { person, room, panel } = wasHere() ?? start;
  store.began = true;
  Object.assign(store, { person, room, panel });
  if (!isThere()) Object.assign(store, start);
}

function arrive() {
  if (journey === null || store.busy === false) return;
  const fresh = [...store.entries.values()].slice(journey);
  const came = fresh.filter((it) => it.by === "").length;
  journey = null;
  if (!fresh.length) toast(t("cameNone", { day: longDay(store.scene.clock.now) }));
  else toast(`${whatWasDone(fresh)} ${came === 1 ? t("cameOne") : t("came", { n: came })}`, { look: () => { hide(); go("", ""); }, label: t("look") });
}

/** Who did what meanwhile, when it was one person. */
function whatWasDone(fresh) {
  const said = fresh.filter((it) => it.by !== "");
  if (!said.length || said.some((it) => it.by !== said[0].by)) return "";
  const { by, text } = said.at(-1);
  return t("did", { name: firstName(by), what: text.length > 60 ? `${text.slice(0, 59)}…` : text });
}

/** Go on as whoever was let in. */
function meetNewcomer() {
  const newcomer = known && store.scene.people.find((it) => !known.has(it.id));
  if (!newcomer) return;
  known = null;
  go(newcomer.id, direct(newcomer.id));
  chat.writeOn();
}

function state(now) {
  if (now === "on") hide();
  else toast(t(now), { stays: true });
  step.settle();
}

// ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────────────

let showPeople, showTime, showStep, showPictures, showRehearsal;

function showAll() {
  document.body.dataset.panel = store.panel;
  place("edition").textContent = store.scene?.edition.name ?? "";
  showSwitches();
  showFaults(place("faults"));
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

function showBottom() {
  const news = store.scene.people.some((it) => it.id !== store.person && asksOf(it.id) > 0);
  const spot = () => el("span", { className: "spot", role: "img", "aria-label": t("somethingNew") });
  fill(place("bottom"), PANELS.map((panel) =>
    el("button", { type: "button", "aria-current": String(store.panel === panel), data: { key: panel }, onclick: () => act.panel(panel) }, t(panel), panel === "people" && news && spot()),
  ));
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
wire = connect(heard, state);
// Whatever goes wrong in this page, it does not go on half: it fetches everything again.
addEventListener("error", (event) => event.error && wire.again()); // without an error it is a layout that took a second look
addEventListener("unhandledrejection", () => wire.again());
