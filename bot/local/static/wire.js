// The WebSocket: what the page wants goes out, what happened comes in. It comes back by itself.

const KEPT = "kring-token";
const WRONG_TOKEN = 4401;
const AT_ONCE_MS = 3000;

/** The token of this start: from the fragment of the address, which then goes out of sight; else what an earlier tab kept. */
function token() {
  const found = given();
  if (found) {
    localStorage.setItem(KEPT, found);
    history.replaceState(null, "", location.pathname);
  }
  return found || localStorage.getItem(KEPT) || "none";
}

/** What stands in the fragment, unless it is the name of a place on this page. */
function given() {
  const fragment = location.hash.slice(1);
  return document.getElementById(fragment) ? "" : fragment;
}

/** Connect, and stay connected. `heard` gets each message, `state` gets "on", "away", "locked" or "broken".
 *
 * Gives `send`, which says whether it was sent, and `again`, which begins a new connection: everything comes again. Where that does
 * not help for long, the page says that it is broken.
 */
export function connect(heard, state) {
  let socket = null;
  let timer = 0;
  let last = -AT_ONCE_MS;

  function open() {
    clearTimeout(timer);
    socket?.close();
    socket = new WebSocket(`ws://${location.host}/talk`, ["kring", token()]);
    socket.addEventListener("open", () => state("on"));
    socket.addEventListener("message", (event) => event.target === socket && heard(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => {
      if (event.target !== socket) return;
      state(event.code === WRONG_TOKEN ? "locked" : "away");
      if (event.code !== WRONG_TOKEN) timer = setTimeout(open, 800);
    });
  }

  // Another tab that was opened with the address of a new start brings its token.
  addEventListener("storage", (event) => event.key === KEPT && socket.readyState !== WebSocket.OPEN && open());
  addEventListener("hashchange", () => given() && open());
  open();

  function send(wish) {
    if (socket.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(wish));
    return true;
  }

  function again() {
    const now = performance.now();
    if (now - last < AT_ONCE_MS) { state("broken"); return; }
    last = now;
    open();
  }

  return { send, again };
}
