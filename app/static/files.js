/* files: chosen, dropped or photographed — listed with their sizes before they go, sent with a bar; pictures of a record one
   after another; pages of a file by the arrow keys. Without script the inputs, links and pages do the same one by one. */
"use strict";
(() => {
  const {say, announce, words} = window.anchang;
  const MB = 1024 * 1024, LARGEST = 20 * MB;
  const size = n => n < MB ? `${Math.max(1, Math.floor(n / 1024))} KB` : `${(n / MB).toFixed(1)} MB`;
  const make = (tag, text = "", attrs = {}) => {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [name, value] of Object.entries(attrs)) made.setAttribute(name, value);
    return made;
  };

  /* ── choosing: every file with its size and what is wrong with it, before anything is sent ── */
  class Basket {
    constructor(box) {
      this.box = box;
      this.input = box.querySelector("input[type=file]");
      this.told = box.querySelector("[data-chosen]");
      this.usual = this.told.textContent;
      this.list = document.getElementById(`${this.input.id}-list`);
      this.say = JSON.parse(box.dataset.fileWords || "{}");
      this.files = [];
      this.input.addEventListener("change", () => this.take(this.input.files));
      const shoot = document.querySelector(`[data-shoot="${this.input.id}"]`);
      shoot?.addEventListener("change", () => { this.take(shoot.files); shoot.value = ""; });
      const over = on => e => { e.preventDefault(); box.classList.toggle("over", on); };
      box.addEventListener("dragover", over(true));
      box.addEventListener("dragleave", over(false));
      box.addEventListener("drop", e => { over(false)(e); this.take(e.dataTransfer.files); });
    }
    take(given) {
      const more = [...given], known = f => this.files.some(g => g.name === f.name && g.size === f.size && g.lastModified === f.lastModified);
      this.files = this.input.multiple ? [...this.files, ...more.filter(f => !known(f))] : more.slice(0, 1);
      this.put();
    }
    put() {
      const carried = new DataTransfer();
      this.files.forEach(f => carried.items.add(f));
      this.input.files = carried.files;
      if (this.input.form) this.input.form.dataset.changed = "1";
      this.draw();
    }
    fault(f) {
      const kind = f.name.includes(".") ? f.name.split(".").pop().toLowerCase() : "";
      if (!this.say.big) return "";
      if (["heic", "heif"].includes(kind)) return this.say.heic;
      if (this.input.accept && !this.input.accept.split(",").includes(`.${kind}`)) return this.say.kind;
      if (!f.size) return this.say.empty;
      return f.size > LARGEST ? this.say.big : "";
    }
    faults() {
      const found = this.files.map(f => this.fault(f)).filter(Boolean), {most, mostBytes} = this.input.dataset;
      const total = this.files.reduce((sum, f) => sum + f.size, 0);
      if (most && (this.files.length > Number(most) || total > Number(mostBytes))) found.push(say(this.say.many, {n: most, m: Number(mostBytes) / MB}));
      return found;
    }
    draw() {
      const n = this.files.length, total = this.files.reduce((sum, f) => sum + f.size, 0);
      this.told.textContent = n ? (this.say.chosen ? say(this.say.chosen, {n, m: size(total)}) : this.files.map(f => f.name).join("，")) : this.usual;
      if (!this.list) return;
      this.list.hidden = !n;
      this.list.replaceChildren(...this.files.map((f, i) => {
        const row = make("li"), wrong = this.fault(f), off = make("button", "×", {type: "button", class: "close", "aria-label": say(this.say.off, {name: f.name})});
        off.addEventListener("click", () => { this.files.splice(i, 1); this.put(); this.input.focus(); });
        row.append(make("span", f.name, {class: "name"}), make("small", size(f.size)));
        if (wrong) row.append(make("span", wrong, {class: "err"}));
        row.append(off);
        return row;
      }));
    }
    refuse(text) {
      let told = document.getElementById(`${this.input.id}-refused`);
      if (!told) {
        told = make("div", "", {class: "alert alert-danger", role: "alert", id: `${this.input.id}-refused`, tabindex: "-1"});
        this.input.form.before(told);
      }
      told.textContent = text;
      told.focus();
    }
  }
  const baskets = new Map([...document.querySelectorAll("[data-drop]")].map(box => { const b = new Basket(box); return [b.input, b]; }));

  /* ── sending: what is wrong is told first; the page of uploads shows how far it is and may be stopped ── */
  const send = (form, basket) => {
    const bar = form.querySelector("[data-bar]"), told = bar.querySelector("span"), stop = bar.querySelector("button"), go = form.querySelector("button[type=submit]");
    const wait = on => { bar.hidden = !on; go.toggleAttribute("disabled", on); form.dataset.sent = on ? "1" : ""; if (!on) delete form.dataset.sent; };
    const request = new XMLHttpRequest();
    const tell = (percent, text) => { bar.querySelector("progress").value = percent; told.textContent = text; };
    const back = text => { wait(false); basket.refuse(text); };
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", e => {
      const percent = Math.floor(e.loaded / e.total * 100);
      tell(percent, percent < 100 ? say(basket.say.sent, {n: percent}) : basket.say.check);
    });
    request.addEventListener("load", () => {
      if (request.status === 401) { location.reload(); return; }
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { answer = {message: words.fail}; }
      if (request.status >= 300 || !answer.url) { back(answer.message || words.fail); return; }
      delete form.dataset.changed;
      location.assign(answer.url);
    });
    request.addEventListener("error", () => back(words.fail));
    request.addEventListener("abort", () => { wait(false); announce(basket.say.stopped); });
    stop.onclick = () => request.abort();
    const body = new FormData(form);
    wait(true);
    tell(0, say(basket.say.sent, {n: 0}));
    announce(told.textContent);
    request.send(body);
  };
  document.addEventListener("submit", e => {
    const form = e.target, mine = [...baskets.values()].filter(b => b.input.form === form && b.files.length);
    const wrong = mine.find(b => b.faults().length);
    if (wrong) { e.preventDefault(); e.stopImmediatePropagation(); wrong.refuse(wrong.faults().join("；")); return; }
    const shown = mine.find(b => b.input.dataset.most && !b.input.dataset.plain);
    if (!shown || !form.querySelector("[data-bar]")) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    if (!form.dataset.sent) send(form, shown);
  }, true);

  /* ── a thumbnail that cannot be drawn leaves the name of its kind ── */
  document.addEventListener("error", e => { if (e.target.matches?.(".files .thumb img")) e.target.remove(); }, true);

  /* ── the pictures of one list, one after another ── */
  const gallery = (list, start) => {
    const dialog = list.nextElementSibling, links = [...list.querySelectorAll(".thumb[data-full]")];
    const picture = dialog.querySelector("img"), name = dialog.querySelector("[data-name]");
    let at = links.indexOf(start);
    const show = step => {
      at = (at + step + links.length) % links.length;
      const link = links[at];
      picture.src = link.dataset.full;
      picture.alt = link.dataset.name;
      name.textContent = say(dialog.dataset.words, {n: at + 1, m: links.length, name: link.dataset.name});
      dialog.querySelector("[data-page]").href = link.href;
    };
    const key = e => {
      const step = {ArrowLeft: -1, ArrowRight: 1}[e.key];
      if (step) { e.preventDefault(); show(step); }
    };
    dialog.querySelectorAll("[data-step]").forEach(b => { b.onclick = () => show(Number(b.dataset.step)); b.hidden = links.length < 2; });
    dialog.onkeydown = key;
    dialog.onclick = e => { if (e.target === dialog) dialog.close(); };
    dialog.onclose = () => { picture.removeAttribute("src"); start.closest("li").querySelector(".b a").focus(); };
    show(0);
    dialog.showModal();
    dialog.querySelector("[data-do=shut]").focus();
  };
  document.addEventListener("click", e => {
    const row = e.target.closest(".files li"), link = row?.querySelector(".thumb[data-full]");
    if (!link || !e.target.closest("a") || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    gallery(row.closest(".files"), link);
  });

  /* ── the page of a file: arrow keys turn it ── */
  document.addEventListener("keydown", e => {
    const rel = {ArrowLeft: "prev", ArrowRight: "next"}[e.key], viewer = document.querySelector("[data-viewer]");
    if (!rel || !viewer || e.altKey || e.ctrlKey || e.metaKey || e.target.closest("input, textarea, select, dialog")) return;
    viewer.querySelector(`a[rel=${rel}]`)?.click();
  });
})();
