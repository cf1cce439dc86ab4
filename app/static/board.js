/* 销控表: arrow keys walk, the legend filters, a click opens the drawer, changes come in every second (304 as long as
   nothing changed) and only changed cells are replaced, lock times count down, one polite region tells what changed. */
"use strict";
(() => {
  const {words, say, announce} = window.anchang;
  const box = document.querySelector("[data-board]"), table = box?.querySelector(".board");
  if (!table) return;
  const drawer = document.getElementById("drawer"), clock = document.querySelector("[data-clock]");
  const cells = () => [...table.querySelectorAll(".u")];
  const byId = id => table.querySelector(`.u[data-id="${CSS.escape(id)}"]`);

  /* one cell is in the tab order, the arrows reach the others */
  const rove = cell => { table.querySelectorAll(".u[tabindex='0']").forEach(u => { u.tabIndex = -1; }); if (cell) cell.tabIndex = 0; };
  const move = (cell, dy, dx) => {
    const rows = [...table.tBodies[0].rows].map(r => [...r.querySelectorAll("td.un")].filter(td => td.offsetParent));
    let y = rows.findIndex(r => r.some(td => td.contains(cell))), x = rows[y].findIndex(td => td.contains(cell));
    for (y += dy, x += dx; rows[y]?.[x]; y += dy, x += dx) {
      const next = rows[y][x].querySelector(".u");
      if (next) { rove(next); next.focus(); return; }
    }
  };
  table.addEventListener("keydown", e => {
    const cell = e.target.closest(".u"), step = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[e.key];
    if (cell && step) { e.preventDefault(); move(cell, ...step); }
  });
  table.addEventListener("focusin", e => { const cell = e.target.closest(".u"); if (cell) rove(cell); });

  /* the legend: the first press shows only that state, the next ones add or take away */
  const off = new Set();
  const codes = () => [...box.querySelectorAll("[data-filter]")].map(k => k.dataset.filter);
  const paint = () => {
    box.querySelectorAll("[data-filter]").forEach(k => k.setAttribute("aria-pressed", !off.has(k.dataset.filter)));
    cells().forEach(u => u.classList.toggle("off", off.has(u.dataset.code)));
  };
  box.addEventListener("click", e => {
    const key = e.target.closest("[data-filter]"), unit = e.target.closest("[data-unit]");
    if (key) {
      const code = key.dataset.filter;
      if (!off.size) codes().filter(c => c !== code).forEach(c => off.add(c));
      else if (off.has(code)) off.delete(code);
      else off.add(code);
      if (off.size === codes().length) off.clear();
      paint();
    }
    if (unit && unit.tagName === "BUTTON") {
      table.dataset.unit = unit.dataset.unit;
      unit.parentNode.querySelectorAll("[data-unit]").forEach(b => b.setAttribute("aria-pressed", b === unit));
    }
  });

  /* the drawer */
  let shown = null;
  const mark = () => { cells().forEach(u => u.removeAttribute("aria-current")); if (shown) byId(shown)?.setAttribute("aria-current", "true"); };
  const shut = () => {
    if (!shown) return;
    const cell = byId(shown);
    shown = null; drawer.hidden = true; drawer.classList.remove("open"); mark();
    cell?.focus();
  };
  const load = async (id, focus) => {
    try {
      const answer = await fetch(box.dataset.drawer.replace("{id}", encodeURIComponent(id)), {headers: {"X-Requested-With": "fetch"}});
      if (answer.redirected) { location.reload(); return; }  // signed out meanwhile
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (shown === id) drawer.innerHTML = html;
    } catch {
      if (shown === id) drawer.textContent = words.fail;
    }
    if (focus && shown === id) drawer.querySelector("#drawer-h")?.focus();
  };
  table.addEventListener("click", e => {
    const cell = e.target.closest(".u");
    if (!cell) return;
    shown = cell.dataset.id;
    drawer.hidden = false; drawer.classList.add("open"); mark(); load(shown, true);
  });
  drawer.addEventListener("click", e => { if (e.target.closest("[data-do=drawer]")) shut(); });
  document.addEventListener("keydown", e => { if (e.key === "Escape" && !document.querySelector("dialog[open]")) shut(); });

  /* lock times */
  const tick = () => table.querySelectorAll("[data-until]").forEach(b => {
    const left = Math.ceil((Date.parse(b.dataset.until) - Date.now()) / 60000);
    b.textContent = left <= 0 ? words.over : left < 100 ? say(words.minutes, {n: left}) : say(words.hours, {n: Math.round(left / 60)});
  });

  /* changes */
  const swap = fresh => {
    const changed = [];
    for (const next of fresh) {
      const old = byId(next.dataset.id);
      if (!old) continue;
      const was = old.cloneNode(true);
      ["tabindex", "aria-current"].forEach(a => { const v = next.getAttribute(a); if (v === null) was.removeAttribute(a); else was.setAttribute(a, v); });
      was.classList.remove("off", "fresh");
      const strip = u => u.outerHTML.replace(/(data-until="[^"]*">)[^<]*/g, "$1");
      if (strip(was) === strip(next)) continue;
      const focused = document.activeElement === old;
      const put = document.importNode(next, true);
      put.tabIndex = old.tabIndex;
      put.classList.add("fresh");
      old.replaceWith(put);
      if (focused) put.focus();
      changed.push(put);
    }
    return changed;
  };
  const tell = changed => {
    if (!changed.length) return;
    const some = changed.slice(0, 3).map(u => u.getAttribute("aria-label")).join("；");
    announce(changed.length > 3 ? `${some}；${say(words.changed, {n: changed.length - 3})}` : some);
    if (shown && changed.some(u => u.dataset.id === shown)) load(shown, false);
  };
  const take = html => {
    const part = new DOMParser().parseFromString(html, "text/html").querySelector("[data-version]");
    if ("gone" in part.dataset) { location.reload(); return; }
    const changed = swap(part.querySelectorAll("[data-part=cells] .u"));
    box.querySelector("[data-part=facts]").innerHTML = part.querySelector("[data-part=facts]").innerHTML;
    for (const k of part.querySelectorAll("[data-part=legend] [data-filter]")) {
      const b = box.querySelector(`[data-filter="${k.dataset.filter}"] b`);
      if (b) b.textContent = k.querySelector("b").textContent;
    }
    box.dataset.version = part.dataset.version;
    status(true, part.dataset.clock);
    paint(); mark(); tick(); tell(changed);
    if (!table.querySelector(".u[tabindex='0']")) rove(cells()[0]);
  };
  const status = (alive, time) => {
    if (!clock) return;
    clock.className = alive ? "tag ok" : "tag warn";
    clock.textContent = alive ? say(words.live, {t: time || new Date().toLocaleTimeString("zh-CN", {hour12: false})}) : words.lost;
  };
  let wait = 1000;
  const poll = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(box.dataset.cells, {headers: {"If-None-Match": `"${box.dataset.version}"`, "X-Requested-With": "fetch"}, cache: "no-store"});
        if (answer.redirected || answer.status === 401) { location.reload(); return; }
        if (answer.status === 200) take(await answer.text());
        else if (answer.status === 304) status(true);
        else throw new Error(String(answer.status));
        wait = 1000;
      } catch {
        status(false);
        wait = Math.min(wait * 2, 15000);  // a server in trouble is asked less often
      }
    }
    setTimeout(poll, wait);
  };
  rove(cells()[0]); tick(); setInterval(tick, 10000); setTimeout(poll, wait);
})();
