// What asks something first: beginning again, and letting somebody in.

import { el, fill } from "./dom.js";
import { t } from "./words.js";

/** Ask before everything that was played goes. `begin` begins again. */
export function askAnew(place, begin) {
  const rest = el("button", { className: "solid", autofocus: true }, t("cancel"));
  const sure = el("button", { className: "warning", onclick: begin }, t("anew"));
  open(place, "anew-title", t("anewSure"), t("anewWhy"), [], [sure, rest]);
}

/** Ask who comes in. `join` gets the name and the organisation. */
export function askNewcomer(place, join) {
  const name = field("newcomer", t("newcomerName"), true);
  const organisation = field("newcomer-organisation", t("newcomerOrganisation"), false);
  const cancel = el("button", { type: "button", onclick: () => place.close() }, t("cancel"));
  const sure = el("button", { className: "solid" }, t("newcomerIn"));
  const form = open(place, "join-title", t("newcomer"), t("newcomerWhy"), [name, organisation], [cancel, sure]);
  form.addEventListener("submit", () => join(form.querySelector("#newcomer").value, form.querySelector("#newcomer-organisation").value));
}

function open(place, id, title, why, fields, buttons) {
  const form = el("form", { method: "dialog" }, el("h2", { id }, title), el("p", {}, why), fields, el("div", { className: "do" }, buttons));
  fill(place, form);
  place.showModal();
  return form;
}

function field(id, label, required) {
  const input = el("input", { id, type: "text", required, maxLength: 60, autocomplete: "off", dir: "auto" });
  return el("p", { className: "field" }, el("label", { for: id }, label), input);
}
