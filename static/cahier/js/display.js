// The display switch of the footer, without a trip to the server. The cookie is the one of pages/display.py.
const COOKIE = "cahier_theme";
const YEAR = 365 * 24 * 3600;

function wear(choice) {
  const root = document.documentElement;
  root.removeAttribute("data-bs-theme");
  root.removeAttribute("data-contrast");
  if (choice === "light" || choice === "dark") root.setAttribute("data-bs-theme", choice);
  if (choice === "contrast") root.setAttribute("data-contrast", "more");
}

function keep(choice) {
  const age = choice === "auto" ? 0 : YEAR;
  document.cookie = `${COOKIE}=${choice}; path=/; max-age=${age}; samesite=lax`;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-display-switch]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const choice = event.submitter.value;
  wear(choice);
  keep(choice);
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button === event.submitter));
  }
});
