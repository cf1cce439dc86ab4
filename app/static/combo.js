/* Type and choose (ARIA combobox): asks data-combo?q=… and puts the chosen id into the hidden input. Arrow keys, Enter,
   Escape; touch works as a click. The answer is {"results": [{"id", "text", "note"}]}. */
"use strict";
(() => {
  const {words} = window.anchang;

  class Combo {
    constructor(box) {
      [this.hidden, this.input] = box.querySelectorAll("input");
      this.list = box.querySelector("[role=listbox]");
      this.url = box.dataset.combo;
      this.chosen = this.input.value;
      this.at = -1;
      this.asked = 0;
      this.input.addEventListener("input", () => this.typed());
      this.input.addEventListener("focus", () => { if (!this.input.readOnly && !this.hidden.value) this.ask(this.input.value); });
      this.input.addEventListener("keydown", e => this.key(e));
      this.input.addEventListener("blur", () => this.left());
      this.list.addEventListener("pointerdown", e => e.preventDefault());  // keeps the focus in the input
      this.list.addEventListener("click", e => { const o = e.target.closest("[role=option]"); if (o) this.choose(o); });
    }

    typed() {
      this.hidden.value = "";
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(this.input.value), 200);
    }

    async ask(q) {
      const turn = ++this.asked;  // only the answer to the last question counts
      this.say(words.wait);
      try {
        const url = new URL(this.url, location.href);
        url.searchParams.set("q", q);
        const answer = await fetch(url, {headers: {Accept: "application/json"}});
        if (!answer.ok) throw new Error(String(answer.status));
        const {results} = await answer.json();
        if (turn === this.asked) this.show(results);
      } catch {
        if (turn === this.asked) this.say(words.fail);
      }
    }

    say(text) {
      const li = document.createElement("li");
      li.className = "muted";
      li.setAttribute("role", "status");
      li.textContent = text;
      this.list.replaceChildren(li);
      this.open(document.activeElement === this.input);
    }

    show(results) {
      if (!results.length) { this.say(words.none); return; }
      this.list.replaceChildren(...results.map((r, i) => {
        const li = document.createElement("li");
        li.id = `${this.list.id}-${i}`;
        li.setAttribute("role", "option");
        li.dataset.value = r.id;
        li.dataset.text = r.text;
        li.append(r.text);
        if (r.note) { const small = document.createElement("small"); small.textContent = r.note; li.append(small); }
        return li;
      }));
      this.mark(-1);
      this.open(document.activeElement === this.input);
    }

    open(on) {
      this.list.hidden = !on;
      this.input.setAttribute("aria-expanded", on);
      if (!on) this.input.removeAttribute("aria-activedescendant");
    }

    get options() { return [...this.list.querySelectorAll("[role=option]")]; }

    mark(i) {
      this.at = i;
      this.options.forEach((o, n) => o.setAttribute("aria-selected", n === i));
      const o = this.options[i];
      if (o) { this.input.setAttribute("aria-activedescendant", o.id); o.scrollIntoView({block: "nearest"}); }
    }

    key(e) {
      const n = this.options.length;
      if (e.key === "ArrowDown" || e.key === "ArrowUp") {
        e.preventDefault();
        if (this.list.hidden) this.ask(this.input.value);
        else if (n) this.mark((this.at + (e.key === "ArrowDown" ? 1 : -1) + n) % n);
      } else if (e.key === "Enter" && !this.list.hidden) {
        e.preventDefault();
        const o = this.options[this.at] ?? (n === 1 ? this.options[0] : null);
        if (o) this.choose(o);
      } else if (e.key === "Escape" && !this.list.hidden) {
        e.stopPropagation();
        this.open(false);
      }
    }

    choose(o) {
      this.hidden.value = o.dataset.value;
      this.input.value = this.chosen = o.dataset.text;
      this.asked++;
      this.open(false);
      this.input.setCustomValidity("");
      this.hidden.dispatchEvent(new Event("change", {bubbles: true}));
      this.hidden.dispatchEvent(new Event("input", {bubbles: true}));
    }

    left() {  // words without a choice are no answer: say so instead of sending nothing
      clearTimeout(this.timer);
      this.open(false);
      const loose = this.input.value.trim() !== "" && this.hidden.value === "";
      this.input.setCustomValidity(loose ? words.typed : "");
    }
  }

  const waken = root => root.querySelectorAll("[data-combo]").forEach(box => new Combo(box));
  waken(document);
  document.addEventListener("rowadded", e => waken(e.target));  // a further row of a paper with lines
})();
