// What the page knows: all messages, the newest scene (and its closer part), and what this tab looks at.

const KEPT = "kring-read";

export const store = {
  play: "",
  entries: new Map(),
  byRoom: new Map(),
  scene: null,
  closer: { suggestions: [], pictures: [] },
  faults: null,
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

/** Take in messages; gives those that are new to this page. */
export function takeIn(message) {
  if (message.whole) {
    store.entries.clear();
    store.byRoom.clear();
    store.play = message.play;
    store.read = readBefore(message.play);
  }
  const fresh = message.entries.filter((it) => !store.entries.has(it.number));
  for (const entry of message.entries) {
    store.entries.set(entry.number, entry);
    if (!store.byRoom.has(entry.room)) store.byRoom.set(entry.room, new Map());
    store.byRoom.get(entry.room).set(entry.number, entry);
  }
  return fresh;
}

function readBefore(play) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return kept.play === play ? kept.read : {};
  } catch {
    return {};
  }
}

const seen = (id, key) => store.read[`${id} ${key}`] ?? 0;

/** Note that somebody has read a room up to its last message. */
export function markRead(id, key) {
  const last = Math.max(0, ...messages(key).map((it) => it.number));
  if (last <= seen(id, key)) return;
  store.read[`${id} ${key}`] = last;
  localStorage.setItem(KEPT, JSON.stringify({ play: store.play, read: store.read }));
}

/** How many messages of others in a room somebody has not read. */
export function unread(id, key) {
  const from = seen(id, key);
  return messages(key).filter((it) => it.number > from && it.by !== id).length;
}

/** The same over all rooms of somebody. */
export const unreadOf = (id) => roomsOf(id).reduce((sum, key) => sum + unread(id, key), 0);
