// While a line of cost is typed, says what the total will be. Comfort only: the server decides.
const table = document.querySelector("[data-costs]");
const amount = document.querySelector('input[name="amount"]');

if (table && amount) {
  const total = table.querySelector("tfoot strong");
  const euros = (text) => Number(text.replace(/[^0-9,-]/g, "").replace(",", "."));
  const known = euros(total.textContent);
  const said = document.createElement("p");
  said.className = "meta";
  said.setAttribute("role", "status");
  amount.closest(".c-line").after(said);
  const kind = document.querySelector('select[name="kind"]');
  const tell = () => {
    const typed = euros(amount.value);
    const counts = typed > 0 && kind.value === "invest";
    said.textContent = counts ? `${new Intl.NumberFormat(document.documentElement.lang).format(known + typed).replaceAll("\u202f", "\u00a0")}\u00a0€` : "";
    if (counts) said.prepend(`${total.closest("tr").querySelector("th").firstChild.textContent.trim()}\u00a0: `);
  };
  amount.addEventListener("input", tell);
  kind.addEventListener("change", tell);
}
