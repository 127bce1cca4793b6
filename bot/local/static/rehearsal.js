// The rehearsal: the whole edition, played by made-up people, to read before it is real.

import { el, fill } from "./dom.js";
import { store } from "./store.js";
import { warnings } from "./faults.js";
import { marks } from "./marks.js";
import { clockTime, isoDay, longDay, shortDay, t } from "./words.js";

let place = null;
let act = null;
let told = null;
let busy = false;
let since = 0;
const SECONDS = 30; // what a rehearsal takes as a rule

/** Build the panel in its place. `does` has `rehearse` and `panel`. Gives the function that shows it. */
export function build(where, does) {
  place = where;
  act = does;
  return () => {
    place.hidden = store.panel !== "rehearsal";
    if (!place.hidden) show();
  };
}

/** Take in what a rehearsal brought. */
export function take(message) {
  told = message;
  busy = false;
  show();
}

function show() {
  const begin = () => { busy = true; told = null; since = Date.now(); if (!act.rehearse()) busy = false; show(); };
  const back = el("button", { type: "button", className: "plain back", "aria-label": t("back"), data: { key: "back" }, onclick: () => act.panel("people") }, "←");
  fill(
    place,
    el("div", { className: "chat-head" }, back, el("div", {}, el("h2", {}, t("rehearsal")), el("p", {}, t("rehearsalWhy")))),
    el("button", { type: "button", className: "solid", disabled: busy, data: { key: "rehearse" }, onclick: begin }, t("rehearse")),
    el("div", { role: "status" }, busy ? null : outcome()),
    busy && progress(),
    told?.report && decisions(told.report),
    warnings(),
    told?.report && el("details", {}, el("summary", { data: { key: "every" } }, t("everyMessage")), everything(told.report)),
  );
}

/** How long it goes on already, beside how long it takes as a rule. */
function progress() {
  const seconds = Math.round((Date.now() - since) / 1000);
  setTimeout(() => busy && store.panel === "rehearsal" && show(), 1000);
  return el("p", { className: "progress" }, el("progress", { max: SECONDS, value: Math.min(seconds, SECONDS - 1), "aria-hidden": "true" }), t("rehearsing", { n: seconds }));
}

function outcome() {
  if (told === null) return [];
  if (told.fault) return el("p", { className: "warned", dir: "auto" }, told.fault);
  const { summary, warnings } = told.report;
  return [
    el("p", {}, !warnings.length && el("b", {}, t("noWarnings"), " "), t("playedWith", { ...summary, weeks: Math.round(summary.weeks) })),
    warnings.length > 0 && [el("h3", {}, t("warnings")), el("ul", {}, warnings.map((it) => el("li", { className: "warned", dir: "auto" }, marks(it.text))))],
  ];
}

/** What the coordinator reads, calls and decides, each on its day. */
function decisions(report) {
  const line = ({ at, text }) => el("li", {}, el("time", { dateTime: at }, `${shortDay(at)}, ${clockTime(at)}`), " ", el("span", { dir: "auto" }, marks(text)));
  return el("details", { className: "decisions" }, el("summary", { data: { key: "decisions" } }, t("decisions", { n: report.decisions.length })), el("ul", {}, report.decisions.map(line)));
}

function everything({ messages, people }) {
  const names = new Map(people.map((it) => [it.id, it.name]));
  let day = "";
  return messages.flatMap((it) => {
    const on = isoDay(it.at);
    const line = on === day ? [] : [el("h3", {}, longDay(it.at))];
    day = on;
    return [...line, said(it, names)];
  });
}

function said(it, names) {
  const from = it.from !== undefined;
  const who = from ? names.get(it.from) : t(it.to ? "to" : "inRoom", { name: it.to ? names.get(it.to) : roomOf(it.room) });
  return el(
    "div",
    { className: from ? "said person" : "said" },
    el("time", { dateTime: it.at }, clockTime(it.at)),
    el("p", { dir: "auto" }, el("b", {}, from ? who : `Kring ${who}`), " ", marks(it.text)),
  );
}

const roomOf = (key) => `#${key.split("/").filter((_part, at) => at !== 1).join("/")}`;
