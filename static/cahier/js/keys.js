// Single-key acts: an element says its key with data-key="r"; the key presses it, or goes to it when it is a field.
// They never fire while one types, with Ctrl, Alt or Meta, or when they were turned off in the help (kept on the device).
const KEPT = "cahier-keys";

function isTyping(target) {
  return Boolean(target.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]"));
}

function areOn() {
  return localStorage.getItem(KEPT) !== "off";
}

function isVisible(element) {
  return element.getClientRects().length > 0 && !element.disabled;
}

function press(key) {
  const target = [...document.querySelectorAll("[data-key]")].find(
    (element) => element.dataset.key === key && isVisible(element),
  );
  if (!target) return false;
  if (target.matches("input:not([type=checkbox], [type=radio]), textarea, select")) target.focus();
  else target.click();
  return true;
}

const help = document.querySelector("[data-keys-help]");

function openHelp() {
  if (!help || help.open) return false;
  help.showModal();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const done = event.key === "?" ? openHelp() : areOn() && press(event.key);
  if (done) event.preventDefault();
});

for (const opener of document.querySelectorAll("[data-keys-open]")) {
  opener.addEventListener("click", (event) => {
    if (openHelp()) event.preventDefault();
  });
}

const box = help?.querySelector("[data-keys-on]");
if (box) {
  box.checked = areOn();
  box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "on" : "off"));
}
