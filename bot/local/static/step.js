// The bar with the next step: what somebody who plays this for the first time could do now.

import { el, fill } from "./dom.js";
import { store } from "./store.js";
import { inBoth, t } from "./words.js";

/** Build the bar in its place. `act` has `say`, `write` and `journey`. Gives the function that shows it. */
export function build(place, act) {
  return () => {
    const step = store.scene?.step;
    place.hidden = !step || store.panel === "faults";
    if (step) fill(place, stages(step), words(step), el("div", { className: "do" }, step.do.map((it, at) => button(it, at, act))));
  };
}

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
  const title = el("h2", { id: "step-title" }, step.stage < step.stages.length && el("span", { className: "eyebrow" }, t("nextStep")), " ", inBoth(step.what));
  return el("div", { className: "words" }, title, el("p", {}, inBoth(step.why)));
}

function button(it, at, act) {
  const does = {
    type: () => act.say(it.person, it.room, it.line),
    press: () => act.pressAs(it.person, it.room, it.entry, it.button),
    ring: () => act.panel("pictures"),
    anew: () => act.anew(),
    go: () => act.write(it.person, it.room),
    travel: () => act.journey(it.person, it.room, it.to, it.others),
  };
  const press = (event) => {
    // One press is one step: the next scene brings the buttons of the next one. They stay in focus meanwhile.
    const all = event.target.closest(".do");
    if (all.hasAttribute("aria-busy")) return;
    does[it.kind]();
    if (!["go", "ring", "anew"].includes(it.kind)) all.setAttribute("aria-busy", "true");
  };
  return el("button", { type: "button", className: at === 0 ? "solid" : "", data: { key: `do ${at}` }, dir: "auto", onclick: press }, inBoth(it.label));
}
