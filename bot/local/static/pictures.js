// Pictures of the programme as it stands, each with the same facts in words.

import { el, fill } from "./dom.js";
import { store } from "./store.js";
import { t } from "./words.js";

/** Build the panel in its place. Gives the function that shows it. */
export function build(place, act) {
  return () => {
    place.hidden = store.panel !== "pictures";
    if (place.hidden || !store.scene) return;
    const back = el("button", { type: "button", className: "plain back", "aria-label": t("back"), data: { key: "back" }, onclick: () => act.panel("people") }, "←");
    const head = el("div", { className: "chat-head" }, back, el("div", {}, el("h2", {}, t("pictures")), el("p", {}, t("picturesWhy"))));
    const open = [...place.querySelectorAll("details")].map((it) => it.open);
    fill(place, head, store.closer.pictures.map((it, at) => picture(it, open[at] ?? false)));
  };
}

function picture({ title, svg, rows }, open) {
  const drawn = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
  return el(
    "figure",
    {},
    el("figcaption", {}, el("h3", { dir: "auto" }, title)),
    el("div", { className: "drawing", tabIndex: 0, role: "group", "aria-label": title }, drawn),
    el("details", { open }, el("summary", { data: { key: `facts ${title}` } }, t("facts")), el("ul", {}, rows.map((it) => el("li", { dir: "auto" }, it)))),
  );
}
