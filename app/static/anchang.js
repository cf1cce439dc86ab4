/* 案场管家 — behaviour of every page, in plain script. Everything hangs on data attributes; without script the forms
   still post. Texts come from <body data-words>, so that nothing here needs a translation. */
"use strict";
(() => {
  const words = JSON.parse(document.body.dataset.words);
  const say = (word, values = {}) => word.replace(/\{(\w+)\}/g, (_, k) => values[k]);
  const live = document.getElementById("live");
  const announce = text => { if (live) live.textContent = text; };
  window.anchang = {words, say, announce};

  /* ── side menu, pop-up menus, keys ── */
  const shell = document.querySelector(".shell"), narrow = () => innerWidth <= 900;
  const closeSide = () => shell?.classList.remove("side-open");
  const toggleSide = () => {
    shell.classList.toggle(narrow() ? "side-open" : "no-side");
    if (narrow() && shell.classList.contains("side-open")) document.querySelector("#side a")?.focus();
  };
  const closePops = but => document.querySelectorAll("details.pop[open]").forEach(d => { if (!d.contains(but)) d.open = false; });

  /* ── of a row that is longer than the phone is wide, the chosen one stands in sight ── */
  document.querySelectorAll(":is(.views > .seg, .nav-tabs, .scroll-x) [aria-current]").forEach(e => {
    const row = e.closest(".seg, .nav-tabs, .scroll-x"), past = e.getBoundingClientRect().right - row.getBoundingClientRect().right;
    if (past > 0) row.scrollLeft += past + 16;
  });

  /* ── a text for the chat group: to the clipboard, and where the browser refuses that, shown and selected ── */
  const copyText = async text => {
    try {
      await navigator.clipboard.writeText(text);
      toast(words.copied);
    } catch {
      const box = document.getElementById("copy"), area = box.querySelector("textarea");
      area.value = text;
      box.showModal();
      area.select();
      if (document.execCommand("copy")) { box.close(); toast(words.copied); }
    }
  };
  const toast = text => {
    const old = document.querySelector(".toast"), note = document.createElement("div");
    old?.remove();
    note.className = "toast no-print";
    note.textContent = text;
    document.body.append(note);
    announce(text);
    setTimeout(() => note.remove(), 4000);
  };
  window.anchang.toast = toast;

  const doings = {
    side: toggleSide,
    close: b => b.closest(".alert")?.remove(),
    print: () => window.print(),
    open: b => document.getElementById(b.getAttribute("aria-controls")).showModal(),
    shut: b => b.closest("dialog").close(),
    copy: b => copyText(b.dataset.text),
    unfold: b => b.setAttribute("aria-expanded", String(b.form.classList.toggle("open"))),
  };
  document.addEventListener("click", e => {
    const b = e.target.closest("[data-do]");
    if (b) doings[b.dataset.do]?.(b);
    if (narrow() && !e.target.closest("#side, [data-do=side]")) closeSide();
    closePops(e.target);
  });
  document.addEventListener("keydown", e => {
    if (e.key === "/" && !e.ctrlKey && !e.metaKey && !e.altKey && !e.target.closest("input, textarea, select, dialog, [contenteditable]")) {
      const q = document.getElementById("q");
      if (q) { e.preventDefault(); q.focus(); q.select(); }
    }
    if (e.key === "Escape") {
      const open = e.target.closest?.("details.pop[open]");
      closeSide(); closePops(null);
      open?.querySelector("summary").focus();
    }
  });

  /* ── a question before what cannot be undone: <dialog>, focus goes back to where it was ── */
  const ask = document.getElementById("ask");
  const question = ({title, body, verb, risk}) => new Promise(resolve => {
    const [stay, go] = ask.querySelectorAll(".modal-footer .btn");
    ask.querySelector(".modal-title").textContent = title;
    ask.querySelector(".modal-body").textContent = body || "";
    go.textContent = verb || words.go;
    go.className = risk ? "btn btn-danger" : "btn btn-primary";
    ask.returnValue = "";
    ask.addEventListener("close", () => resolve(ask.returnValue === "go"), {once: true});
    ask.showModal();
    stay.focus();
  });
  window.anchang.question = question;
  const asked = el => ({title: el.dataset.askTitle, body: el.dataset.ask, verb: el.dataset.askVerb, risk: "askRisk" in el.dataset});
  document.addEventListener("click", async e => {
    const a = e.target.closest("a[data-ask]");
    if (!a) return;
    e.preventDefault();
    if (await question(asked(a))) location.assign(a.href);
  });

  /* ── posting once: the button says so and waits; the page that comes back from the history is awake again ── */
  const lock = (form, button) => {
    form.dataset.sent = "1";
    if (!button) return;
    button.dataset.label ??= button.innerHTML;
    button.setAttribute("aria-disabled", "true");
    button.textContent = words.busy;
    setTimeout(unlock, 15000);  // an answer that is a download leaves the page where it is
  };
  const unlock = () => document.querySelectorAll("form[data-sent]").forEach(f => {
    delete f.dataset.sent; delete f.dataset.sure;
    f.querySelectorAll("[data-label]").forEach(b => { b.innerHTML = b.dataset.label; delete b.dataset.label; b.removeAttribute("aria-disabled"); });
  });
  addEventListener("pageshow", unlock);
  const reason = (form, button) => {  // what must be asked before this form goes: its button, its chosen decision, the form
    if (button?.dataset.askTitle) return asked(button);
    const choice = form.querySelector("input[type=radio][data-ask-title]:checked");
    if (choice) return {...asked(choice), body: form.dataset.ask || choice.closest("label").querySelector("small")?.textContent};
    return form.dataset.askTitle ? asked(form) : null;
  };
  document.addEventListener("submit", async e => {
    const form = e.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { e.preventDefault(); return; }
    const why = form.dataset.sure ? null : reason(form, e.submitter);
    if (why) {
      e.preventDefault();
      if (!await question(why)) return;
      form.dataset.sure = "1";
      form.requestSubmit(e.submitter);
      return;
    }
    if (e.defaultPrevented) return;
    delete form.dataset.changed;
    lock(form, e.submitter);
  });
  document.addEventListener("click", e => { if (e.target.closest("[aria-disabled=true]")) e.preventDefault(); });

  /* ── selects that send their form, phrases that fill a textarea, a form that was changed and not sent ── */
  document.addEventListener("change", e => { if (e.target.matches("[data-auto]")) e.target.form.requestSubmit(); });
  document.addEventListener("click", e => {
    const chip = e.target.closest("[data-fill]");
    if (!chip) return;
    const area = document.getElementById(chip.dataset.fill);
    area.value = area.value.trim() ? `${area.value.trim()}\n${chip.textContent}` : chip.textContent;
    area.dispatchEvent(new Event("input", {bubbles: true}));
    area.focus();
  });
  document.addEventListener("input", e => { const f = e.target.closest("form[data-dirty]"); if (f) f.dataset.changed = "1"; });
  addEventListener("beforeunload", e => { if (document.querySelector("form[data-changed]")) e.preventDefault(); });
  document.getElementById("refusal")?.focus();

  /* ── ticks: all on this page, none, or part (a dash); the bar of bulk steps tells how many ── */
  const ticks = box => [...box.querySelectorAll("tbody .check input")];
  const count = box => {
    const rows = ticks(box), n = rows.filter(x => x.checked).length;
    box.querySelectorAll("input.all").forEach(a => { a.checked = n > 0 && n === rows.length; a.indeterminate = n > 0 && n < rows.length; });
    const told = box.querySelector("[data-picked]");
    if (told) told.textContent = say(words.picked, {n});
  };
  document.addEventListener("change", e => {
    const box = e.target.closest(".records");
    if (!box || !e.target.matches("input.all, .check input")) return;
    if (e.target.matches(".all")) ticks(box).forEach(x => { x.checked = e.target.checked; });
    count(box);
  });
  document.addEventListener("reset", e => { const box = e.target.closest(".records"); if (box) setTimeout(() => count(box)); });
  addEventListener("pageshow", () => document.querySelectorAll(".records").forEach(count));

  /* ── a line of a list moved up or down: the order in the page is the order that is sent; its arrows are of no use without script ── */
  for (const li of document.querySelectorAll("[data-moves] > li")) {
    const what = li.textContent.trim();
    li.parentElement.dataset.moves.split("|").forEach((words, n) => {
      const b = Object.assign(document.createElement("button"), { className: "btn btn-text btn-sm", type: "button", textContent: "↑↓"[n] });
      b.dataset.move = n ? "down" : "up";
      b.setAttribute("aria-label", words.replace("{what}", what));
      li.append(b);
    });
  }
  document.addEventListener("click", e => {
    const b = e.target.closest("[data-move]"), li = b?.closest("li");
    if (!li) return;
    if (b.dataset.move === "up") li.previousElementSibling?.before(li); else li.nextElementSibling?.after(li);
    b.focus();
  });

  /* ── tabs: arrows walk, a tab with an address fetches its inside once ── */
  const openTab = async tab => {
    const list = tab.closest("[role=tablist]");
    for (const t of list.querySelectorAll("[role=tab]")) {
      const on = t === tab;
      t.setAttribute("aria-selected", on);
      t.tabIndex = on ? 0 : -1;
      document.getElementById(t.getAttribute("aria-controls")).hidden = !on;
    }
    await fill(document.getElementById(tab.getAttribute("aria-controls")));
  };
  const fill = async pane => {
    const url = pane?.dataset.src;
    if (!url) return;
    delete pane.dataset.src;
    try {
      const answer = await fetch(url, {headers: {"X-Requested-With": "fetch"}});
      if (answer.redirected) { location.reload(); return; }  // signed out meanwhile
      if (!answer.ok) throw new Error(String(answer.status));
      pane.innerHTML = await answer.text();
    } catch {
      pane.textContent = words.fail;
      pane.dataset.src = url;  // the next click tries again
    }
    pane.removeAttribute("aria-busy");
  };
  document.addEventListener("click", e => { const t = e.target.closest("[role=tab][aria-controls]"); if (t) { e.preventDefault(); openTab(t); } });
  document.addEventListener("keydown", e => {
    const tab = e.target.closest?.("[role=tab][aria-controls]"), step = {ArrowLeft: -1, ArrowRight: 1}[e.key];
    if (!tab || !step) return;
    const all = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
    const next = all[(all.indexOf(tab) + step + all.length) % all.length];
    openTab(next); next.focus();
  });
  document.querySelectorAll(".tabs .pane:not([hidden])[data-src]").forEach(fill);
  const named = location.hash && [...document.querySelectorAll("[role=tab]")].find(t => t.getAttribute("href") === location.hash);
  if (named) openTab(named);  // back from an upload: the files are what the person wants to see

  /* ── groups of optional fields: folded on a phone, open where there is room; a refused input inside opens its group ── */
  if (innerWidth > 640) document.querySelectorAll("details[data-fold]").forEach(d => { d.open = true; });
  document.addEventListener("invalid", e => { const d = e.target.closest("details[data-fold]"); if (d) d.open = true; }, true);

  /* ── the bar of a page at the bottom of a phone stays one line: what does not fit lies under 更多, the step that is due never does ── */
  const asWord = item => {
    const face = item.matches("form") ? item.querySelector("button") : item;
    face.className = face.tagName === "A" ? (face.matches(".btn-risk") ? "risk" : "") : face.matches(".btn-risk") ? "word risk" : "word";
    face.querySelector(".ico")?.remove();
    return item;
  };
  const putAway = bar => {
    let menu = bar.querySelector(":scope > .pop:first-child:not([data-own]) > .pop-menu");
    if (!menu) {
      bar.insertAdjacentHTML("afterbegin", '<details class="pop"><summary class="btn"></summary><ul class="pop-menu"></ul></details>');
      bar.firstElementChild.firstElementChild.textContent = words.more;
      menu = bar.firstElementChild.lastElementChild;
    }
    const item = [...bar.children].slice(1, -1).find(c => !c.matches(".btn-primary, :has(.btn-primary)"));
    if (!item) return false;
    const lines = item.matches(".pop") ? [...item.querySelectorAll("li")] : [document.createElement("li")];
    if (!item.matches(".pop")) lines[0].append(asWord(item)); else item.remove();
    menu.prepend(...lines);
    return true;
  };
  if (innerWidth <= 640) document.querySelectorAll(".act-bar").forEach(bar => {
    const first = bar.firstElementChild;
    if (first?.matches(".pop") && first.querySelector("summary").textContent.trim() !== words.more) first.dataset.own = "1";
    const top = c => (c.matches("form") ? c.querySelector("button") : c).getBoundingClientRect().top;  // a bare form has no box of its own
    const wraps = () => [...bar.children].some(c => top(c) > top(bar.firstElementChild) + 4);
    while (wraps() && putAway(bar));
  });

  /* ── many boxes to tick: some letters leave the fitting ones, what is ticked always stays in sight ── */
  for (const box of document.querySelectorAll("fieldset[data-long]")) {
    const find = Object.assign(document.createElement("input"), {className: "form-control", type: "search", placeholder: box.dataset.long});
    find.setAttribute("aria-label", box.dataset.long);
    box.querySelector("legend").after(find);
    find.addEventListener("input", e => {
      e.stopPropagation();  // nothing of the form changes
      box.querySelectorAll("label.pick").forEach(l => { l.hidden = !l.textContent.includes(find.value.trim()) && !l.querySelector(":checked"); });
    });
    find.addEventListener("keydown", e => { if (e.key === "Enter") e.preventDefault(); });
  }

  /* ── a value asked about before the form is sent (is this number known?): by POST, so that it stands in no address ── */
  document.addEventListener("change", async e => {
    const input = e.target, url = input.dataset?.checkUrl;
    if (!url) return;
    const hint = document.getElementById(`${input.id}-h`), form = new FormData();
    form.set(input.name, input.value);
    form.set("csrf_token", input.form.elements.csrf_token?.value ?? "");
    if (!input.value.trim() || !hint) return;
    try {
      const answer = await fetch(url, {method: "POST", body: form, headers: {Accept: "application/json"}});
      const {text, message, url: page} = await answer.json();
      hint.textContent = text ?? message;
      if (page) { const link = hint.appendChild(document.createElement("a")); link.href = page; link.textContent = ` ${words.go}`; }
      announce(hint.textContent);
    } catch {
      hint.textContent = words.fail;
    }
  });
})();
