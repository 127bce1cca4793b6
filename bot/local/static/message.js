// One message: who, when, what, and what can be done with it.

import { el } from "./dom.js";
import { marked } from "./marks.js";
import { aloneIn, firstName, messages, name, person, room, store } from "./store.js";
import { clockTime, inBoth, longDay, t } from "./words.js";

const LONG = 3000;

/** What a room is called by who looks at all of them. */
export function roomName(key) {
  const alone = aloneIn(key);
  if (alone !== null) return name(alone);
  const found = room(key);
  return found ? inBoth(found.name) : key;
}

/** What a room is called in the row of rooms of somebody: as short as it can be there. */
export function shortRoom(key) {
  const [kind] = key.split("/");
  const others = (room(key)?.members ?? []).filter((it) => it !== store.person);
  if (kind === "pair" && others.length === 1) return t("with", { name: firstName(others[0]) });
  if (["desk", "cohort"].includes(kind)) return t(kind);
  if (kind === "group") return t("group", { n: key.split("/").at(-1) });
  return roomName(key).split(",")[0];
}

/** A line between two days. */
export const dayLine = (at) => el("h3", { className: "day" }, longDay(at));

/** The element of a message. `may` does what its reader may do (`press`, `vote`); without it nothing can be pressed. */
export function message(entry, may) {
  const own = Boolean(may) && entry.by === store.person;
  const kind = entry.by === "" ? "bot" : own ? "own" : "other";
  return el(
    "article",
    { className: `message ${kind}${entry.wake ? " wake" : ""}`, data: { number: entry.number }, "aria-labelledby": `by-${entry.number}` },
    head(entry, !may),
    entry.lost ? el("p", { className: "lost" }, t("lost")) : body(entry),
    file(entry),
    buttons(entry, may),
    poll(entry, may),
  );
}

function head(entry, all) {
  const who = entry.by === "" ? "Kring" : name(entry.by);
  const where = all ? whereTo(entry) : "";
  return el(
    "header",
    { id: `by-${entry.number}` },
    el("b", { dir: "auto" }, who),
    where && el("span", { className: "where", dir: "auto" }, where),
    el("time", { dateTime: entry.at }, clockTime(entry.at)),
    entry.edited && el("span", { className: "tag" }, `${t("changed")} ${clockTime(entry.edited)}`),
    entry.wake && el("span", { className: "tag bell" }, t("wakes")),
  );
}

function whereTo(entry) {
  const alone = aloneIn(entry.room);
  if (alone === null) return t("inRoom", { name: roomName(entry.room) });
  return entry.by === "" ? t("to", { name: name(alone) }) : t("to", { name: "Kring" });
}

function body(entry) {
  const language = person(aloneIn(entry.room) ?? "")?.language ?? store.scene?.edition.language;
  const props = { className: "body", dir: "auto", lang: language };
  if (entry.html) return el("div", props, marked(entry.html));
  if (entry.text.length <= LONG) return el("div", props, entry.text);
  const shown = el("div", props, `${entry.text.slice(0, LONG)}…`);
  const more = el("button", { type: "button", className: "plain", onclick: () => { shown.textContent = entry.text; more.remove(); } }, t("more"));
  return [shown, more];
}

function file(entry) {
  if (!entry.file) return null;
  const save = () => {
    const bytes = Uint8Array.from(atob(entry.file.content.replace(/-/g, "+").replace(/_/g, "/")), (it) => it.charCodeAt(0));
    const address = URL.createObjectURL(new Blob([bytes], { type: entry.file.mime }));
    el("a", { href: address, download: entry.file.name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };
  return el("p", {}, el("button", { type: "button", className: "file", onclick: save }, t("download", { name: entry.file.name })));
}

function buttons(entry, may) {
  if (!entry.buttons.length) return null;
  const made = entry.buttons.map((button, index) => {
    const it = el("button", { type: "button", data: { press: index }, onclick: () => may.press(entry, index) }, button.label);
    dressButton(it, entry, index, may);
    return it;
  });
  return el("div", { className: "buttons", role: "group", "aria-labelledby": `by-${entry.number}` }, made);
}

/** Let a button show whether it can be pressed, and whether it is beside the question: a way out of it, and no answer. */
export function dressButton(button, entry, index, may) {
  const { label, typed } = entry.buttons[index];
  const asked = store.scene.asked.includes(entry.number);
  button.disabled = !may || !(asked || (label !== typed && isNewest(entry, typed)));
  button.classList.toggle("aside", asked && label !== typed);
}

/** Whether no later message in the room has a button for the same command: the newest one counts. */
const isNewest = (entry, typed) => !messages(entry.room).some((it) => it.number > entry.number && it.buttons.some((button) => button.typed === typed));

const picked = new Map(); // by person and message: what they chose on this page, so that showing it anew keeps it

function poll(entry, may) {
  if (!entry.vote) return null;
  const { choices, most, over } = entry.vote;
  const closed = over || !may;
  const kind = most > 1 ? "checkbox" : "radio";
  const whose = `${store.person} ${entry.number}`;
  const was = picked.get(whose) ?? [];
  const note = (event) => {
    const all = event.target.closest("form").querySelectorAll("input:checked");
    picked.set(whose, [...all].map((it) => Number(it.value)));
  };
  const rows = choices.map((choice, index) =>
    el("label", { dir: "auto" }, el("input", { type: kind, name: `vote-${entry.number}`, value: String(index + 1), checked: was.includes(index + 1), disabled: closed, onchange: note }), choice),
  );
  const send = (event) => {
    event.preventDefault();
    const chosen = [...event.target.querySelectorAll("input:checked")].map((it) => Number(it.value));
    may.vote(entry, chosen);
  };
  const end = over ? el("p", { className: "lost" }, t("voteOver")) : may && el("button", { className: "solid" }, t("vote"));
  return el("form", { className: "vote", onsubmit: send }, el("fieldset", { "aria-labelledby": `by-${entry.number}` }, rows), end);
}
