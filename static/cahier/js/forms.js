// Small comforts of forms. Everything works without them.

// A form sent with faults: the summary takes the focus, so that it is read first.
document.querySelector("[data-errors]")?.focus();

// A double click sends once. The form is free again when the page comes back (back button), or after a few
// seconds when the answer was a file and the page never left.
const HELD = 4000;

function free(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => free(form), HELD);
});

window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));

// htmx sends forms itself: free them as soon as the answer is there.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form");
  if (form) free(form);
});

// Ticks folded in a bar of filters close as a menu does: a click elsewhere, or Escape.
document.addEventListener("click", (event) => {
  const kept = event.target.closest(".c-pick");
  for (const one of document.querySelectorAll(".c-pick[open]")) if (one !== kept) one.open = false;
});

document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector(".c-pick[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
