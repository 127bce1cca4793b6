// Elements, made of text and never of markup: what people write cannot become anything else.

/** Make an element. `props` are properties (`className`), `on…` listeners, and attributes for names with a hyphen or `role`. */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(made.dataset, value);
    else if (name.includes("-") || ["role", "for", "lang", "dir", "list"].includes(name)) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Put these in an element instead of what is there. Whoever had the focus, by its `data-key`, has it again. */
export function fill(parent, ...children) {
  const focused = parent.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const scrolled = parent.scrollTop;
  parent.replaceChildren(...children.flat(Infinity).filter(Boolean));
  parent.scrollTop = scrolled;
  if (focused !== undefined) parent.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

/** Arrow keys move among the elements that match; one of them is in the order of tabs. `sideways` for a row. */
export function roving(parent, selector, sideways = false) {
  const [back, on] = sideways ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  parent.addEventListener("keydown", (event) => {
    const all = [...parent.querySelectorAll(selector)];
    const at = all.indexOf(event.target.closest(selector));
    const to = { [back]: at - 1, [on]: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined || !all[to]) return;
    event.preventDefault();
    for (const one of all) one.tabIndex = -1;
    all[to].tabIndex = 0;
    all[to].focus();
  });
}

/** Let exactly one of the elements that match be in the order of tabs: the chosen one, else the first. */
export function oneTab(parent, selector, chosen) {
  const all = [...parent.querySelectorAll(selector)];
  const stop = all.find((it) => it === document.activeElement) ?? all.find(chosen) ?? all[0];
  for (const one of all) one.tabIndex = one === stop ? 0 : -1;
}
