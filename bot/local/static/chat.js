// The chat in the middle: the rooms of one person, the messages of a room, and the box to type in.

import { draft, keepDraft } from "./draft.js";
import { el, fill, oneTab, roving } from "./dom.js";
import { follow } from "./follow.js";
import { dayLine, dressButton, message, roomName, shortRoom } from "./message.js";
import { aloneIn, direct, firstName, markRead, messages, name, news, person, room, roomsOf, store } from "./store.js";
import { inBoth, isoDay, language, t } from "./words.js";

let act = null;
let end = null; // keeps the newest message in sight
const parts = {};

/** Build the chat in its place. `does` has `look`, `say`, `press`, `vote` and `panel`. */
export function build(place, does) {
  act = does;
  parts.head = el("div", { className: "chat-head" });
  parts.tabs = el("div", { className: "tabs", role: "tablist" });
  parts.pinned = el("div", { className: "pinned", hidden: true, dir: "auto" });
  parts.log = el("div", { className: "log", role: "log", "aria-live": "polite", tabIndex: 0, id: "log" });
  parts.newer = el("button", { type: "button", className: "solid newer", hidden: true });
  parts.chips = el("div", { className: "chips", role: "group" });
  parts.line = el("textarea", { id: "line", rows: 1, dir: "auto", autocomplete: "off", spellcheck: false });
  parts.send = el("button", { className: "solid", type: "submit" });
  parts.label = el("label", { for: "line", className: "unseen" });
  parts.form = el("form", { className: "composer", hidden: true }, parts.label, parts.line, parts.send);
  place.append(parts.head, parts.tabs, parts.pinned, el("div", { className: "said-here" }, parts.log, parts.newer), parts.chips, parts.form);
  end = follow(parts.log, parts.newer);
  roving(parts.tabs, "[role=tab]", true);
  parts.form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  parts.line.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  });
  parts.line.addEventListener("input", () => { grow(); keepDraft(parts.line.value); });
}

function send() {
  const text = parts.line.value;
  if (store.person && text.trim() && act.say(store.person, store.room, text)) fillIn("");
}

function grow() {
  parts.line.style.height = "auto";
  parts.line.style.height = `${Math.min(parts.line.scrollHeight + 2, 200)}px`;
}

function fillIn(text) {
  parts.line.value = text;
  keepDraft(text);
  grow();
}

/** Put the cursor in the box, with this text when there is one. */
export function write(text = null) {
  if (text !== null) fillIn(text);
  grow();
  parts.line.focus({ preventScroll: true });
  parts.line.setSelectionRange(parts.line.value.length, parts.line.value.length);
}

/** Go on in the box, where there is a keyboard: on a phone it would come up over what was said. */
export function writeOn() {
  if (matchMedia("(hover: hover)").matches) write();
}

const may = {
  press: (entry, index) => act.press(entry, index),
  vote: (entry, chosen) => act.vote(entry, chosen),
};

/** What is done now is answered at the end: that is where to look. */
export const toEnd = () => end.toEnd();

/** Take away what is shown: it may be of another play. */
export const empty = () => parts.log.replaceChildren();

/** Show the room that this tab looks at, from its newest message; an empty one from the top. */
export function show() {
  parts.line.value = draft();
  if (draw()) end.toEnd();
  else end.toTop();
  grow();
}

/** Put everything of the room in its place; gives how many messages there are. */
function draw() {
  const all = store.person === "";
  parts.log.setAttribute("aria-live", "off");
  const rows = messages(all ? "" : store.room).filter((it) => all || !it.status || it !== pinned());
  fill(parts.log, rows.length || all ? [] : [welcome()], nodes(rows, null));
  showFrame();
  requestAnimationFrame(() => parts.log.setAttribute("aria-live", "polite"));
  if (!all) markRead(store.person, store.room);
  return rows.length;
}

/** Show what changed: new messages at the end, others in their place. */
export function update(entries) {
  const all = store.person === "";
  const here = entries.filter((it) => all || it.room === store.room);
  if (!here.length) return;
  if (here.some((it) => it.status)) draw();
  else parts.log.querySelector(".welcome")?.remove();
  end.came(here.filter((it) => !put(it)).length);
  if (!all && document.visibilityState === "visible") markRead(store.person, store.room);
}

/** Put a message in its place, or at the end; gives whether it was there already. */
function put(entry) {
  if (store.person && entry === pinned()) return true;
  const known = parts.log.querySelector(`[data-number="${entry.number}"]`);
  if (known) known.replaceWith(message(entry, store.person === "" ? null : may));
  else parts.log.append(...nodes([entry], parts.log.querySelector("article:last-of-type")));
  return known !== null;
}

/** Messages with a line where the day changes. */
function nodes(rows, before) {
  let day = before ? isoDay(store.entries.get(Number(before.dataset.number)).at) : "";
  return rows.flatMap((entry) => {
    const on = isoDay(entry.at);
    const line = on === day ? [] : [dayLine(entry.at)];
    day = on;
    return [...line, message(entry, store.person === "" ? null : may)];
  });
}

/** Show what stands around the messages: tabs, status text, what could be typed, and which buttons are open. */
export function showFrame() {
  const all = store.person === "";
  fill(parts.head, back(), title());
  const rooms = all ? [] : roomsOf(store.person);
  parts.tabs.hidden = rooms.length < 2;
  parts.tabs.setAttribute("aria-label", t("rooms"));
  fill(parts.tabs, rooms.map(tab));
  oneTab(parts.tabs, "[role=tab]", (it) => it.getAttribute("aria-selected") === "true");
  bringTabIntoView();
  parts.log.setAttribute("aria-label", all ? t("everybody") : `${t("log")}: ${roomTitle(store.room)}`);
  showPinned();
  showChips();
  showComposer();
  for (const button of parts.log.querySelectorAll("[data-press]")) {
    const entry = store.entries.get(Number(button.closest("article").dataset.number));
    dressButton(button, entry, Number(button.dataset.press), all ? null : may);
  }
  end.came(0);
}

function back() {
  return el("button", { type: "button", className: "plain back", onclick: () => act.panel("people"), "aria-label": t("back"), data: { key: "back" } }, "←");
}

function title() {
  if (store.person === "") return el("div", {}, el("h2", {}, t("everybody")), el("p", {}, t("everybodyShort")));
  const found = person(store.person);
  const about = [found?.organisation, found?.coordinates && t("coordinator")].filter(Boolean).join(", ");
  return el("div", {}, el("h2", { dir: "auto" }, t("youAre", { name: name(store.person) })), el("p", { dir: "auto" }, about));
}

const roomTitle = (key) => (aloneIn(key) === null ? roomName(key) : t("directWith"));

function tab(key) {
  const chosen = key === store.room;
  const count = chosen ? 0 : news(store.person, key);
  return el(
    "button",
    { type: "button", role: "tab", "aria-selected": String(chosen), "aria-controls": "log", data: { key: `tab ${key}` }, onclick: () => act.look(store.person, key) },
    el("span", { dir: "auto" }, aloneIn(key) === null ? shortRoom(key) : t("direct")),
    count > 0 && el("span", { className: "count", "aria-label": t("unread", { n: count }) }, String(count)),
  );
}

/** The chosen tab is in sight, beside the first one, which always is. */
function bringTabIntoView() {
  const [first, chosen] = [parts.tabs.firstElementChild, parts.tabs.querySelector("[aria-selected=true]")];
  if (!chosen || chosen === first) { parts.tabs.scrollLeft = 0; return; }
  const ends = chosen.offsetLeft + chosen.offsetWidth;
  const { clientWidth, scrollLeft } = parts.tabs;
  if (ends > scrollLeft + clientWidth) parts.tabs.scrollLeft = ends - clientWidth;
  if (chosen.offsetLeft < scrollLeft + first.offsetWidth) parts.tabs.scrollLeft = chosen.offsetLeft - first.offsetWidth;
}

/** The newest status text of the room. */
const pinned = () => messages(store.room).findLast((it) => it.status && it.text);

const count = (n) => (n === 1 ? t("oneMember") : t("members", { n }));

function showPinned() {
  const found = store.person ? pinned() : null;
  const about = store.person && aloneIn(store.room) === null ? room(store.room) : null;
  parts.pinned.hidden = !found && !about;
  if (parts.pinned.hidden) return;
  const open = parts.pinned.querySelector("details")?.open && parts.pinned.dataset.room === store.room;
  parts.pinned.dataset.room = store.room;
  const [first, ...rest] = found ? found.text.split("\n").filter(Boolean) : [count(about.members.length)];
  const short = el("span", { title: [first, ...rest].join("\n") }, first, el("span", { className: "rest" }, rest.map((it) => ` · ${it}`)));
  const summary = el("summary", { data: { key: "pinned" } }, short);
  fill(parts.pinned, el("details", { open }, summary, rest.length > 0 && el("p", { className: "status" }, rest.join("\n")), about && roomFacts(about)));
}

/** What a room is for, and who is in it. */
const roomFacts = (about) => [el("p", {}, inBoth(about.topic)), el("p", {}, `${count(about.members.length)}: ${about.members.map(name).join(", ")}`)];

function showChips() {
  const off = store.person === "" || room(store.room)?.archived;
  const lines = off ? [] : (store.closer.suggestions);
  parts.chips.hidden = !lines.length;
  parts.chips.setAttribute("aria-label", t("tryThis"));
  fill(parts.chips, lines.map((it) => chip(it)));
}

function chip({ line, ready }) {
  const label = t(ready ? "sendsNow" : "fillsIn", { line });
  const press = () => {
    if (!ready) write(line);
    else if (act.say(store.person, store.room, line)) writeOn();
  };
  return el("button", { type: "button", className: "chip", "aria-label": label, title: label, data: { key: `chip ${line}` }, onclick: press }, line);
}

function showComposer() {
  const off = store.person === "" || Boolean(room(store.room)?.archived);
  parts.form.hidden = off;
  parts.label.textContent = t("write", { name: name(store.person) });
  parts.line.placeholder = t("writeTo", { name: firstName(store.person) });
  parts.send.textContent = t("send");
}

/** What a first visit must know, in the place where messages come. */
export function welcome() {
  const first = store.scene?.people.find((it) => !it.coordinates);
  const desk = store.scene?.people.find((it) => it.coordinates);
  if (store.person !== first?.id || store.room !== direct(first.id)) return el("p", { className: "welcome small" }, nothingYet());
  const size = matchMedia("(max-width: 58rem)").matches ? "Small" : "";
  const values = { name: first.name, coordinator: desk?.name ?? "–", line: store.closer.language ?? "" };
  const keys = ["helloStep", "helloType", `helloWho${size}`, `helloClock${size}`, ...(values.line ? ["helloLanguage"] : [])];
  return el(
    "section",
    { className: "welcome", lang: language() },
    el("h3", {}, t("hello")),
    el("p", {}, t("helloWhat")),
    el("ul", {}, keys.map((key) => el("li", {}, t(key, values)))),
  );
}

/** Why a room is empty: who took part before this play began said so before it. */
function nothingYet() {
  const joined = aloneIn(store.room) === store.person && person(store.person)?.state === "in";
  return joined ? t("emptyJoined", { name: firstName(store.person) }) : t("empty");
}

/** Show the explanation with what is known by now, while it is what stands there. */
export function welcomeAnew() {
  parts.log.querySelector(".welcome")?.replaceWith(welcome());
}

/** Show the explanation once more, below what was said. */
export function explain() {
  parts.log.querySelector(".welcome")?.remove();
  const first = store.scene?.people.find((it) => !it.coordinates);
  if (first) act.look(first.id, direct(first.id));
  parts.log.querySelector(".welcome")?.remove();
  const explained = welcome();
  parts.log.append(explained);
  explained.scrollIntoView({ block: "start" });
}

