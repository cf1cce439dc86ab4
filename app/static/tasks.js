/* 我的任务: asks quietly how far the open tasks are; when one is over the page shows what came of it. */
"use strict";
(() => {
  const box = document.querySelector("[data-tasks]"), pause = 2000;
  const draw = one => {
    const text = box.querySelector(`[data-task="${one.id}"]`), bar = text?.previousElementSibling;
    if (!text) return;
    if (text.textContent !== one.text) text.textContent = one.text;
    if (bar) { bar.max = Math.max(one.total, 1); bar.value = one.done; }
  };
  const open = new Set([...box.querySelectorAll("progress + [data-task]")].map(x => Number(x.dataset.task)));
  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.tasks, {headers: {Accept: "application/json"}});
      if (answer.status === 401) { location.reload(); return; }
      const {tasks} = await answer.json();
      tasks.forEach(draw);
      if (tasks.some(t => open.has(t.id) && !t.open)) { location.reload(); return; }
    } catch { window.anchang.announce(window.anchang.words.fail); }
    setTimeout(ask, document.hidden ? pause * 5 : pause);
  };
  setTimeout(ask, pause);
})();
