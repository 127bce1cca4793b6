// The bar with the next step: what somebody who plays this for the first time could do now.

import { el, fill } from "./dom.js";
import { store } from "./store.js";
import { inBoth, t } from "./words.js";

let pressed = false; // one press is one step: what is proposed next comes when that is done

/** Build the bar in its place. `act` does what the buttons stand for. Gives the function that shows it. */
export function build(place, act) {
  return () => {
    const { step } = store.closer;
    place.hidden = !step || store.panel === "faults";
    if (!step) return;
    const buttons = step.do.map((it, at) => button(it, at, act));
    fill(place, stages(step), words(step), el("div", { className: "do", "aria-busy": pressed ? "true" : null }, buttons));
  };
}

/** What was pressed is done: the next press counts. */
export const settle = () => { pressed = false; };

function stages(step) {
  const { length } = step.stages;
  const about = step.stage < length ? t("stepOf", { name: inBoth(step.stages[step.stage]), n: step.stage + 1, all: length }) : t("done");
  const dots = step.stages.map((it, at) => {
    const standing = at < step.stage ? "done" : at === step.stage ? "here" : "";
    return el("li", { className: standing, "aria-current": at === step.stage ? "step" : null }, inBoth(it));
  });
  return el("ol", { className: "stages", "aria-label": about }, dots);
}

function words(step) {
  const next = step.stage < step.stages.length && el("span", { className: "eyebrow" }, t("nextStep"));
  const title = el("h2", { id: "step-title", title: inBoth(step.what) }, next, " ", inBoth(step.what));
  return el("div", { className: "words" }, title, el("p", { title: inBoth(step.why) }, inBoth(step.why)));
}

function button(it, at, act) {
  const does = {
    type: () => act.say(it.person, it.room, it.line),
    press: () => act.pressAs(it.person, it.room, it.entry, it.button),
    enact: () => act.enact(it.person, it.room, it.lines),
    ring: () => act.panel("pictures"),
    anew: () => act.anew(),
    go: () => act.write(it.person, it.room),
    travel: () => act.journey(it.person, it.room, it.to, it.others),
  };
  const press = (event) => {
    if (pressed) return;
    pressed = !["go", "ring", "anew"].includes(it.kind);
    if (pressed) event.target.closest(".do").setAttribute("aria-busy", "true");
    does[it.kind]();
  };
  const label = inBoth(it.label);
  return el("button", { type: "button", className: at === 0 ? "solid" : "", title: label, data: { key: `do ${at}`, kind: it.kind }, dir: "auto", onclick: press }, label);
}
