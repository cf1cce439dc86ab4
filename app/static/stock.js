/* What Flask-AppBuilder's stock pages expect of its ab_actions.js, done safely: one question, one answer, one post.
   (The original adds a handler at every click and may delete another row than the one that was confirmed.) */
"use strict";
(() => {
  const post = (form, url) => { if (url) form.action = url; form.requestSubmit(); };
  const sure = text => text ? window.anchang.question({title: text, verb: window.anchang.words.go, risk: true}) : Promise.resolve(true);
  const formOf = () => document.getElementById("action_form") ?? document.getElementById("delete_form");

  window.AdminActions = class {
    async execute_single(url, text) { if (await sure(text)) post(formOf(), url); return false; }
    async execute_single_delete(url, text) { if (await sure(text)) post(formOf(), url); return false; }
    async execute_multiple(name, text) {
      const form = document.getElementById("action_form"), rows = document.querySelectorAll("input.action_check:checked");
      if (!rows.length) { window.anchang.announce(window.anchang.words.none); return false; }
      if (!await sure(text)) return false;
      form.querySelector("#action").value = name;
      form.querySelectorAll(".action_check").forEach(x => x.remove());
      rows.forEach(x => form.append(x.cloneNode()));
      post(form);
      return false;
    }
  };
  document.addEventListener("click", e => { if (e.target.closest(".main a[href='#']")) e.preventDefault(); });
  document.addEventListener("change", e => {
    if (e.target.matches(".action_check_all")) document.querySelectorAll(".action_check").forEach(x => { x.checked = e.target.checked; });
  });
})();
