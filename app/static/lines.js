/* The rows of a paper with lines: one more row in the page, and — where the paper has a budget — what is left of it while
   people type. Without script the button posts and the form comes back longer; the budget is checked at the submit. */
"use strict";
(() => {
  const {announce, words} = window.anchang;

  const renamed = (row, number) => {  // the copy of the last row, empty, with names of its own
    for (const el of row.querySelectorAll("[id], [name], [aria-controls], [aria-label]")) {
      for (const key of ["id", "name", "aria-controls"]) {
        const value = el.getAttribute(key);
        if (value) el.setAttribute(key, value.replace(/line-\d+-/, `line-${number}-`));
      }
    }
    row.querySelectorAll(".err").forEach(e => e.remove());
    row.querySelectorAll("[aria-invalid]").forEach(e => { e.removeAttribute("aria-invalid"); e.removeAttribute("aria-describedby"); });
    row.querySelectorAll("input, textarea").forEach(i => { i.value = ""; });
    row.querySelectorAll("select").forEach(s => { s.value = ""; });
    row.querySelectorAll("[role=listbox]").forEach(l => { l.hidden = true; l.replaceChildren(); });
  };

  for (const box of document.querySelectorAll("[data-lines]")) {
    const more = box.querySelector("[data-more]"), body = box.querySelector("tbody");
    more.type = "button";  // so that Enter in a field saves the paper
    more.addEventListener("click", () => {
      const numbers = [...box.querySelectorAll("[name^=line-]")].map(i => Number(i.name.split("-")[1]));
      const row = body.lastElementChild.cloneNode(true), place = body.children.length;
      renamed(row, Math.max(...numbers) + 1);
      row.querySelectorAll("[aria-label]").forEach(e => e.setAttribute("aria-label", e.getAttribute("aria-label").replace(String(place), String(place + 1))));
      body.append(row);
      row.dispatchEvent(new CustomEvent("rowadded", {bubbles: true}));
      row.querySelector("select, input:not([type=hidden])")?.focus();
    });

    const told = box.querySelector("[data-told]"), form = box.closest("form"), url = box.dataset.live;
    if (!told || !url) continue;
    let timer, asked = 0;
    const ask = async () => {
      const turn = ++asked, query = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string" && value && (name.startsWith("line-") || !name.startsWith("_")) && name !== "csrf_token") query.append(name, value.slice(0, 60));
      }
      try {
        const answer = await fetch(`${url}?${query}`, {headers: {Accept: "application/json"}});
        if (!answer.ok) throw new Error(String(answer.status));
        const {lines, tone} = await answer.json();
        if (turn !== asked) return;
        told.replaceChildren(...lines.flatMap((text, i) => (i ? [document.createElement("br"), text] : [text])));
        told.className = tone === "warn" ? "note warn" : "note";
        told.hidden = !lines.length;
        if (lines.length) announce(lines.join(" "));
      } catch {
        if (turn === asked) { told.hidden = false; told.textContent = words.fail; }
      }
    };
    const later = () => { clearTimeout(timer); timer = setTimeout(ask, 300); };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    later();
  }
})();
