/* The big screen of the rotation: asks every two seconds (304 as long as nobody moved), replaces the queues without a reload,
   says when it is cut off and comes back by itself. */
"use strict";
(() => {
  const wall = document.querySelector("[data-line]");
  if (!wall) return;
  const words = JSON.parse(wall.dataset.words), part = wall.querySelector("[data-part]");
  const state = wall.querySelector("[data-state]"), clock = wall.querySelector("[data-clock]");
  let version = part.firstElementChild.dataset.version, wait = 2000;
  const alive = on => { state.className = on ? "tag ok" : "tag warn"; state.textContent = on ? words.live : words.lost; };
  const two = n => String(n).padStart(2, "0");
  const tick = () => { const t = new Date(); clock.textContent = `${two(t.getHours())}:${two(t.getMinutes())}`; };
  const poll = async () => {
    try {
      const answer = await fetch(wall.dataset.line, {headers: {"If-None-Match": `"${version}"`}, cache: "no-store"});
      if (answer.status === 200) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-version]");
        part.replaceChildren(document.importNode(fresh, true));
        version = fresh.dataset.version;
      } else if (answer.status === 404) { location.reload(); return; } else if (answer.status !== 304) throw new Error(String(answer.status));
      alive(true);
      wait = 2000;
    } catch {
      alive(false);
      wait = Math.min(wait * 2, 30000);
    }
    setTimeout(poll, wait);
  };
  tick(); setInterval(tick, 5000); setTimeout(poll, wait);
})();
