// What somebody was busy with in this tab: who they are and where they look, and what is half typed. A reload keeps it.

import { store } from "./store.js";

const HERE = "kring-here";
const DRAFTS = "kring-drafts";

const at = () => `${store.person} ${store.room}`;

function kept(key) {
  try {
    const found = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    return found.play === store.play ? found : { play: store.play };
  } catch {
    return { play: store.play };
  }
}

/** What is half typed here, as this person. */
export const draft = () => kept(DRAFTS)[at()] ?? "";

export function keepDraft(text) {
  sessionStorage.setItem(DRAFTS, JSON.stringify({ ...kept(DRAFTS), [at()]: text || undefined }));
}

/** Note who is played in this tab, in which room and on which panel. */
export function keepHere() {
  sessionStorage.setItem(HERE, JSON.stringify({ play: store.play, person: store.person, room: store.room, panel: store.panel }));
}

/** Where this tab was before it was loaded again; null when it was not, or when another play runs now. */
export function wasHere() {
  const found = kept(HERE);
  return found.person === undefined ? null : found;
}
