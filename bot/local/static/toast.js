// What is said in passing: below on the right, and gone at the next press.

import { el } from "./dom.js";

const place = document.getElementById("toast");
const SHOWN_MS = 6000;
let timer = 0;
let staying = false;

/** Say something in passing. `look` goes to see it, by a button with this `label`; `stays` keeps it until `hide`, whatever is pressed. */
export function toast(text, { stays = false, look = null, label = "" } = {}) {
  clearTimeout(timer);
  const all = look && el("button", { type: "button", className: "plain", onclick: look }, label);
  place.replaceChildren(text, all ?? "");
  place.classList.add("shown");
  staying = stays;
  if (!stays) timer = setTimeout(hide, SHOWN_MS);
}

export function hide() {
  clearTimeout(timer);
  staying = false;
  place.classList.remove("shown");
  place.replaceChildren();
}

document.addEventListener("click", (event) => {
  if (!staying && !place.contains(event.target)) hide();
}, true);
