// What the page knows: all messages, the newest scene (and its closer part), and what this tab looks at.

const KEPT = "kring-read";

const NOTHING = { step: null, suggestions: [], language: null, pictures: [] };

export const store = {
  play: "",
  entries: new Map(),
  byRoom: new Map(),
  scene: null,
  closer: NOTHING,
  faults: null,
  warned: [],
  began: false,
  person: "",
  room: "",
  panel: "chat",
  busy: false,
  all: false,
  read: {},
};

/** The key of somebody's own chat with the bot. */
export const direct = (person) => `direct/${person}`;
const alone = (room) => (room.startsWith("direct/") ? room.slice(7) : null);

/** Whose chat with the bot this is; null for a room of more people. */
export const aloneIn = alone;

export const person = (id) => store.scene?.people.find((it) => it.id === id) ?? null;
export const name = (id) => person(id)?.name ?? id;
export const firstName = (id) => name(id).split(" ")[0];
export const room = (key) => store.scene?.rooms.find((it) => it.key === key) ?? null;

/** Keys of the rooms in which somebody is: the own chat first. */
export function roomsOf(id) {
  const shared = (store.scene?.rooms ?? []).filter((it) => it.members.includes(id)).map((it) => it.key);
  return [direct(id), ...shared];
}

/** Where somebody does their work: a coordinator at the desk, anybody else in the chat with the bot. */
export const home = (id) => roomsOf(id).find((it) => person(id)?.coordinates && it.startsWith("desk/")) ?? direct(id);

/** The messages of a room; of all rooms without one. */
export function messages(key) {
  return key ? [...(store.byRoom.get(key)?.values() ?? [])] : [...store.entries.values()];
}

/** Take in everything there is, in the place of what was known. What was said before a first visit counts as read. */
export function takeWhole({ play, entries, scene, warned }) {
  const another = play !== store.play;
  store.entries.clear();
  store.byRoom.clear();
  Object.assign(store, { play, scene, warned, busy: false, closer: NOTHING, ...(another && { person: "", room: "", panel: "chat", began: false }) });
  takeIn(entries);
  store.read = readBefore(play) ?? { from: Math.max(0, ...store.entries.keys()) };
}

/** Take in messages: new ones, and those that were changed. */
export function takeIn(entries) {
  for (const entry of entries) {
    store.entries.set(entry.number, entry);
    if (!store.byRoom.has(entry.room)) store.byRoom.set(entry.room, new Map());
    store.byRoom.get(entry.room).set(entry.number, entry);
  }
}

/** How far was read on an earlier visit to this play; null when there was none. */
function readBefore(play) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return kept.play === play ? kept.read : null;
  } catch {
    return null;
  }
}

const seen = (id, key) => store.read[`${id} ${key}`] ?? store.read.from ?? 0;

/** Note that somebody has read a room up to its last message. */
export function markRead(id, key) {
  const last = Math.max(0, ...messages(key).map((it) => it.number));
  if (last <= seen(id, key)) return;
  store.read[`${id} ${key}`] = last;
  localStorage.setItem(KEPT, JSON.stringify({ play: store.play, read: store.read }));
}

/** How many messages that notify somebody in a room, or speak to them, have not been read: what else is said there can wait. */
export function news(id, key) {
  const from = seen(id, key);
  return messages(key).filter((it) => it.number > from && it.by !== id && (it.wake || it.mentions.includes(id))).length;
}

/** How many questions of the bot wait for an answer of somebody. */
export const asksOf = (id) => store.scene.asked.filter((it) => store.entries.get(it)?.room === direct(id)).length;
