// What is wrong with this page under a thumb: sideways scroll, and what is pressed without answering within 44 px.
// Links within a sentence, a fact or a cell are read, not hunted: they may be as high as their line.
() => {
  const shown = e => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().height > 0 && !e.closest(".side, .vh, .skip, dialog");
  const mark = e => `${e.tagName.toLowerCase()}${[...e.classList].map(c => "." + c).join("")} «${(e.textContent.trim() || e.getAttribute("aria-label") || e.name || "").slice(0, 16)}»`;
  const answers = (e, x, y) => {
    const top = document.elementFromPoint(x, y);
    return !!top && (e.contains(top) || top.closest("label")?.control === e || (top.closest("label") && top.closest("label") === e.closest("label")));
  };
  const reach = (e, x, y, step) => {  // how far from its middle it still answers
    let n = 0;
    while (n < 44 && answers(e, x, y + step * (n + 1))) n++;
    return n;
  };
  const small = [];
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!shown(e) || e.disabled || (getComputedStyle(e).display === "inline" && e.tagName === "A" && !e.matches("td.hd > a"))) continue;
    const r = e.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2;
    if (x < 0 || x > innerWidth || y > innerHeight - 44 || r.height >= 44) continue;
    if (!answers(e, x, y) && e.closest(".scroll-x, .nav-tabs, .table-wrap")) continue;  // not scrolled into sight
    if (1 + reach(e, x, y, -1) + reach(e, x, y, 1) < 43) small.push(mark(e));
  }
  return {wide: document.documentElement.scrollWidth - innerWidth, small};
}
