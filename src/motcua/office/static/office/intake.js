// The intake form with script: a scanned card fills the form at once, and one key marks all papers.
// Without it the same buttons work with a page in between.
(() => {
  "use strict";
  const parts = 6; // a card's text has six bars between its seven parts

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-card]") || !event.target.value.trim()) return;
    event.preventDefault();
    read(event.target);
  });

  // A scanner that sends no Enter, or a paste: read as soon as the text is whole and typing has stopped.
  let waiting = 0;
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-card]")) return;
    clearTimeout(waiting);
    const field = event.target;
    if (/\|\d{8}\s*(\||$)/.test(field.value) && field.value.split("|").length > parts) waiting = setTimeout(() => read(field), 250);
  });

  function read(field) {
    clearTimeout(waiting);
    const button = field.form.querySelector("[data-fill]");
    if (button) button.click();
  }

  // Function keys, since letters are typed here and Alt belongs to the browser.
  const keys = { F8: "[data-check-all]", F9: "[data-save]" };
  document.addEventListener("keydown", (event) => {
    const button = !event.ctrlKey && !event.altKey && !event.metaKey && document.querySelector(keys[event.key] || ":not(*)");
    if (button) { event.preventDefault(); button.click(); }
  });

  const all = document.querySelector("[data-check-all]");
  if (all) {
    all.hidden = false;
    all.addEventListener("click", () => {
      document.querySelectorAll("[data-usual]").forEach((box) => { box.checked = true; });
    });
  }
})();
