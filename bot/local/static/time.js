// The clock, and what the programme brings in time.

import { el, fill } from "./dom.js";
import { together } from "./marks.js";
import { store } from "./store.js";
import { clockTime, inBoth, instant, isoDay, isoTime, longDay, shortDay, t } from "./words.js";

const EARLIER = 4;
const MORNING = "09:00"; // when another day is chosen than the one that is proposed
let typed = null; // the day and time that somebody is choosing: they stay when something else happens meanwhile

/** Build the column in its place. `act` has `ahead`, `travel` and `others`. Gives the function that shows it. */
export function build(place, act) {
  const clock = el("section", { className: "clock" });
  const others = el("section", { className: "others" });
  const list = el("section", { className: "milestones" });
  place.append(clock, others, list);
  let open = false;
  return () => {
    if (!store.scene) return;
    showClock(clock, act);
    showOthers(others, act);
    open = list.querySelector("details")?.open ?? open;
    showList(list, act, open);
  };
}

function showClock(place, act) {
  const { now, next } = store.scene.clock;
  if (typed && Date.parse(instant(typed.day, typed.time)) < Date.parse(now)) typed = null;
  const proposed = next?.at ?? now;
  const choosing = () => {
    if (!typed) time.value = day.value === isoDay(proposed) ? time.value : MORNING;
    typed = { day: day.value, time: time.value };
  };
  const day = el("input", { type: "date", id: "to-day", required: true, value: typed?.day ?? isoDay(proposed), data: { key: "to-day" }, oninput: choosing });
  const time = el("input", { type: "time", id: "to-time", required: true, value: typed?.time ?? isoTime(proposed), data: { key: "to-time" }, oninput: choosing });
  const submit = (event) => {
    event.preventDefault();
    typed = null;
    if (day.value && time.value) act.travel(instant(day.value, time.value));
  };
  fill(
    place,
    el("h2", { className: "unseen" }, t("time")),
    el("p", { className: "reading" }, reading(now)),
    el("div", { className: "ahead" }, ahead("hour", act), ahead("day", act)),
    nextThing(next, act),
    el(
      "form",
      { className: "to-day", noValidate: true, onsubmit: submit },
      el("label", { for: "to-day", className: "unseen" }, t("onDay")),
      day,
      el("label", { for: "to-time", className: "unseen" }, t("at")),
      time,
      el("button", { type: "submit", data: { key: "go" } }, t("go")),
    ),
  );
}

const reading = (at) => [el("b", {}, clockTime(at)), el("span", {}, longDay(at))];

/** While the clock goes, it shows when the newest of these messages came. */
export function tick(entries) {
  const shown = document.querySelector(".reading");
  const at = entries.map((it) => it.edited ?? it.at).sort().at(-1);
  if (shown && Date.parse(at) > Date.parse(store.scene.clock.now)) shown.replaceChildren(...reading(at));
}

const ahead = (by, act) => el("button", { type: "button", data: { key: by }, onclick: () => act.ahead(by) }, t(by));

function nextThing(next, act) {
  if (!next) return el("p", { className: "why" }, t("nothingNext"));
  const whats = next.what.map(inBoth);
  const more = whats.length > 1 ? ` (+${whats.length - 1})` : "";
  return el(
    "button",
    { type: "button", className: "solid next", data: { key: "next" }, onclick: () => act.ahead("next") },
    el("b", {}, t("next")),
    el("span", {}, together(`${shortDay(next.at)}, ${clockTime(next.at)}: ${whats[0]}${more}`)),
  );
}

function showOthers(place, act) {
  const { milestone } = store.scene.clock;
  const to = milestone ? t("runTo", { what: inBoth(milestone.what), day: shortDay(milestone.at) }) : t("runWeek");
  const all = el("input", { type: "checkbox", id: "all", checked: store.all, data: { key: "all" }, onchange: (event) => { store.all = event.target.checked; } });
  fill(
    place,
    el("h2", {}, t("others")),
    el("div", { className: "ahead" }, live("step", t("oneStep"), "", act), live("run", t("runOn"), to, act)),
    el("p", { className: "why", dir: "auto" }, to),
    el("label", { className: "all", for: "all" }, all, el("span", { dir: "auto" }, t("alsoMine", { names: mine() }))),
  );
}

const live = (by, label, title, act) => el("button", { type: "button", title, data: { key: `live ${by}` }, onclick: () => act.others(by) }, label);

/** Whom a person usually plays: the first participant, and who coordinates. */
function mine() {
  const people = store.scene.people;
  const found = [people.find((it) => !it.coordinates), ...people.filter((it) => it.coordinates)];
  const names = found.filter(Boolean).map((it) => it.name.split(" ")[0]);
  return names.length < 2 ? names.join() : t("and", { first: names.slice(0, -1).join(", "), last: names.at(-1) });
}

function showList(place, act, open) {
  const all = store.scene.timeline;
  const coming = all.findIndex((it) => it.standing === "coming");
  const past = coming < 0 ? all : all.slice(0, coming);
  const hidden = past.slice(0, -EARLIER);
  fill(
    place,
    el("h2", {}, t("programme")),
    hidden.length > 0 &&
      el("details", { open }, el("summary", { data: { key: "earlier" } }, t("earlier", { n: hidden.length })), el("ol", {}, hidden.map((it) => row(it, act)))),
    el(
      "ol",
      {},
      past.slice(-EARLIER).map((it) => row(it, act)),
      el("li", { className: "now" }, el("b", {}, t("now")), el("span", {}, shortDay(store.scene.clock.now))),
      (coming < 0 ? [] : all.slice(coming)).map((it) => row(it, act)),
    ),
  );
}

function row(it, act) {
  return el(
    "li",
    { className: `${it.kind} ${it.standing}` },
    when(it, act),
    el("span", { className: "what" }, el("span", { dir: "auto" }, inBoth(it.what)), el("small", {}, about(it))),
  );
}

function when(it, act) {
  const day = shortDay(it.at);
  if (it.standing !== "coming") return el("time", { dateTime: it.at }, day);
  const label = t("travelTo", { day: `${longDay(it.at)}, ${clockTime(it.at)}` });
  return el("button", { type: "button", className: "plain", title: label, "aria-label": `${day}. ${label}`, data: { key: `to ${it.at} ${it.what.en}` }, onclick: () => act.travel(it.at) }, day);
}

function about(it) {
  const parts = [t(it.kind)];
  if (it.standing === "sent") parts.push(it.people === null ? t("sent") : it.people ? t("sentTo", { n: it.people }) : t("sentToNobody"));
  if (it.standing === "missed") parts.push(t("missed"));
  if (it.standing === "coming" && it.people !== null) parts.push(it.people ? t("willGoTo", { n: it.people }) : t("forNobody"));
  return parts.join(" · ");
}
