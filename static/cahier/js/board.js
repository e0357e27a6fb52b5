// A board by keyboard: j and k move along the rows, x chooses, o opens. The bulk bar counts what is chosen.
// Rows are [data-row]; each holds a [data-row-check] and a [data-row-open]. Focus moves with the cursor, so that
// screen readers and scrolling follow. When the keys are off (keys.js), only the counting remains.
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.getClientRects().length > 0);
const current = () => document.querySelector("[data-row].is-cursor");

function isTyping(target) {
  return Boolean(target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog"));
}

function point(row) {
  for (const old of document.querySelectorAll("[data-row].is-cursor")) {
    old.classList.remove("is-cursor");
    old.removeAttribute("aria-current");
  }
  row.classList.add("is-cursor");
  row.setAttribute("aria-current", "true");
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  point(next);
  (next.querySelector("[data-row-open]") ?? next.querySelector("[data-row-check]"))?.focus();
}

function count() {
  const chosen = document.querySelectorAll("[data-row-check]:checked").length;
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    bar.hidden = chosen === 0;
    const written = bar.querySelector("[data-bulk-count]");
    if (written) written.textContent = String(chosen);
  }
  for (const box of document.querySelectorAll("[data-row-check]")) {
    box.closest("[data-row]").classList.toggle("is-picked", box.checked);
  }
}

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  x: () => current()?.querySelector("[data-row-check]")?.click(),
  o: () => current()?.querySelector("[data-row-open]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || !(event.key in ACTS)) return;
  if (localStorage.getItem("cahier-keys") === "off" || isTyping(event.target) || !rows().length) return;
  event.preventDefault();
  ACTS[event.key]();
});

// The mouse and the tabulator carry the cursor too.
document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) point(row);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-row-check]")) count();
});
// « Tout désélectionner » empties the form: what was chosen before the page came, too.
document.addEventListener("reset", (event) => {
  for (const box of event.target.querySelectorAll("[data-row-check]")) box.defaultChecked = false;
  setTimeout(count);
});
document.addEventListener("htmx:afterSettle", count);
count();
