// The button prints. Without this module the page tells how to do it with the browser.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const help of document.querySelectorAll("[data-print-help]")) help.hidden = true;
