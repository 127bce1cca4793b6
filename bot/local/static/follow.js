// The newest message stays in sight, until somebody reads back: then a button says how many came meanwhile.

import { t } from "./words.js";

const NEAR = 8;

/** Keep the end of `log` in sight; `newer` is the button back to it. Gives what the chat calls when it shows or adds something. */
export function follow(log, newer) {
  let following = true;
  let last = 0;
  let missed = 0;

  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;

  function tell() {
    newer.hidden = missed === 0;
    newer.textContent = missed === 1 ? t("newerOne") : t("newer", { n: missed });
  }

  function toEnd() {
    following = true;
    missed = 0;
    log.scrollTop = log.scrollHeight;
    last = log.scrollTop;
    tell();
  }

  function toTop() {
    following = false;
    missed = 0;
    log.scrollTop = last = 0;
    tell();
  }

  // Only going up is reading back: a log that becomes lower, or longer, leaves its end without anybody wanting that.
  function moved() {
    if (atEnd()) { following = true; missed = 0; }
    else if (log.scrollTop < last - 1) following = false;
    last = log.scrollTop;
    tell();
  }

  /** So many messages were added, or something else changed (0). */
  function came(count) {
    if (following) { toEnd(); return; }
    missed += count;
    if (atEnd()) missed = 0;
    tell();
  }

  log.addEventListener("scroll", moved);
  newer.addEventListener("click", () => { toEnd(); log.focus({ preventScroll: true }); });
  new ResizeObserver(() => following && toEnd()).observe(log);
  return { toEnd, toTop, came };
}
