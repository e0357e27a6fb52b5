// The receipt of a ballot: printed by the browser. Without this script, its own menu does it.
for (const place of document.querySelectorAll("[data-print]")) {
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => window.print());
}
