// Small comforts of forms. Everything works without them.

// A form sent with faults: the summary takes the focus, so that it is read first.
document.querySelector("[data-errors]")?.focus();

// A double click sends once. The button comes back when the page does (back button, refused sending).
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy=true]")) button.removeAttribute("aria-busy");
});

// htmx sends forms itself: free them as soon as the answer is there.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form");
  if (!form) return;
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
});
