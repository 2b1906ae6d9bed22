// Keyboard for staff, driven by attributes; every page works without it.
//   data-rows            on a list: its children that carry data-row are walked with j and k, Enter opens
//   data-row             on a row; data-row-link (or the first link) inside is what Enter opens
//   data-key="n"         on a link, button or field: pressing that key follows, presses or focuses it
//                        (a button or link inside the current row wins over one elsewhere)
//   data-submit-on-change on a select or checkbox: sends its form at once
//   data-print           on a button: prints the page
(() => {
  "use strict";
  const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")].filter((row) => row.offsetParent !== null);
  const current = () => document.querySelector("[data-row].row-current");

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    all.forEach((row) => row.classList.toggle("row-current", row === next));
    const link = rowLink(next);
    if (link) link.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  const rowLink = (row) => row.querySelector("[data-row-link]") || row.querySelector("a[href]");

  function use(element) {
    if (element.matches("input, textarea, select")) {
      element.focus();
      if (element.select) element.select();
    } else element.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target)) return;
    const key = event.key.toLowerCase();
    const row = current();
    if (key === "j" || key === "k") { event.preventDefault(); move(key === "j" ? 1 : -1); return; }
    if (key === "enter") {
      if (row && event.target === document.body && rowLink(row)) { event.preventDefault(); rowLink(row).click(); }
      return;
    }
    const wanted = `[data-key="${CSS.escape(key)}"]`;
    const found = (row && row.querySelector(wanted)) || document.querySelector(wanted);
    if (found) { event.preventDefault(); use(found); }
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) rows().forEach((other) => other.classList.toggle("row-current", other === row));
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  // A menu closes when one clicks elsewhere or presses Escape.
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });

  const summary = document.getElementById("error-summary");
  if (summary) summary.focus();
})();
