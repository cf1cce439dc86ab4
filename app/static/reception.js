/* 登记来访: number and name look for known customers while one types (by POST: a number stands in no address). The chosen one
   goes into the hidden input, his history appears beside the form; 「不是这位」 takes him off again. Without script the page posts
   as it is and the server says what is known. */
"use strict";
(() => {
  const beside = document.querySelector("[data-beside]"), form = document.querySelector("form[data-dirty]");
  if (!beside || !form) return;
  const words = JSON.parse(beside.dataset.words), {say, announce} = window.anchang;
  const hidden = form.elements.customer_id, kind = form.elements.kind, grade = form.elements.grade, usual = grade.value;
  let graded = false; // somebody has said the grade himself
  grade.addEventListener("change", () => { graded = true; });
  const inputs = [...form.querySelectorAll("[data-find]")];
  const bar = document.createElement("p");
  bar.className = "note chosen-customer";
  bar.hidden = true;
  form.querySelector(".form-grid").before(bar);

  const post = (url, values) => {
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token?.value ?? "");
    for (const [name, value] of Object.entries(values)) body.set(name, value);
    return fetch(url, {method: "POST", body, headers: {Accept: "application/json"}});
  };

  const show = name => {
    bar.hidden = !name;
    form.classList.toggle("known", Boolean(name));
    if (!name) return;
    const drop = Object.assign(document.createElement("button"), {type: "button", className: "btn btn-text btn-sm", textContent: words.drop});
    drop.addEventListener("click", forget);
    bar.replaceChildren(say(words.chosen, {name}), " ", drop);
    announce(bar.firstChild.textContent);
  };
  const forget = () => {
    hidden.value = "";
    beside.replaceChildren();
    document.querySelectorAll(".cols > div:last-child > .card").forEach(c => c.remove());
    show("");
    if (kind.value === "revisit") kind.value = "first_visit";
    if (!graded) grade.value = usual;
    form.elements.phone.focus();
  };
  const choose = async ({id, name, grade: known}) => {
    hidden.value = id;
    form.elements.name.value = name;
    if (!graded) grade.value = known; // his own stays unless it is said anew
    if (kind.value === "first_visit") kind.value = "revisit";
    form.dataset.changed = "1";
    show(name);
    form.elements.source.focus(); // what is left to say; the kind follows from his being known
    const answer = await fetch(`/reception/history/${encodeURIComponent(id)}`, {headers: {"X-Requested-With": "fetch"}});
    if (answer.ok && !answer.redirected && hidden.value === String(id)) beside.innerHTML = await answer.text();
  };

  for (const input of inputs) {
    const list = document.createElement("ul");
    list.className = "combo-list";
    list.id = `${input.id}-l`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    input.parentElement.classList.add("combo");
    input.after(list);
    let timer, asked = 0, at = -1;
    const open = on => { list.hidden = !on; input.setAttribute("aria-expanded", on); if (!on) { at = -1; input.removeAttribute("aria-activedescendant"); } };
    const options = () => [...list.children];
    const mark = i => {
      at = i;
      options().forEach((o, n) => o.setAttribute("aria-selected", n === i));
      if (options()[i]) input.setAttribute("aria-activedescendant", options()[i].id);
    };
    const look = async () => {
      const q = input.value.trim(), turn = ++asked;
      if (hidden.value || q.length < (/^\d+$/.test(q) ? 4 : 1)) { open(false); return; }
      try {
        const answer = await post(input.dataset.find, {q});
        if (!answer.ok || turn !== asked) return;
        const {results} = await answer.json();
        if (turn !== asked || document.activeElement !== input) return;
        list.replaceChildren(...results.map((r, i) => {
          const li = document.createElement("li"), small = document.createElement("small");
          li.id = `${list.id}-${i}`;
          li.setAttribute("role", "option");
          small.textContent = r.note;
          li.append(r.text, small);
          li.addEventListener("click", () => { open(false); choose(r); });
          return li;
        }));
        open(results.length > 0);
      } catch { /* the form works without suggestions */ }
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 200); });
    list.addEventListener("pointerdown", e => e.preventDefault());
    input.addEventListener("blur", () => { clearTimeout(timer); asked++; open(false); });
    input.addEventListener("keydown", e => {
      const n = options().length;
      if (list.hidden || !n) return;
      if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); mark((at + (e.key === "ArrowDown" ? 1 : -1) + n) % n); }
      else if (e.key === "Enter" && at >= 0) { e.preventDefault(); options()[at].click(); }
      else if (e.key === "Escape") { e.stopPropagation(); open(false); }
    });
  }
  // Enter saves from a list of words too: the way from there to the button is twenty tabs long
  form.addEventListener("keydown", e => {
    if (e.key !== "Enter" || e.isComposing || !(e.target.tagName === "SELECT" || e.ctrlKey)) return;
    e.preventDefault();
    form.requestSubmit();
  });
  if (beside.dataset.known) show(beside.dataset.known);
})();
