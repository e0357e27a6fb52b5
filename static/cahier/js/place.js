// The position of the device, asked for by a button and written in two fields: nothing is sent before the form is.
for (const place of document.querySelectorAll("[data-point]")) {
  const here = place.querySelector("[data-here]");
  const said = place.querySelector("[data-said]");
  const [latitude, longitude] = place.querySelectorAll("input");
  if (!navigator.geolocation || !window.isSecureContext) continue;
  here.hidden = false;
  here.querySelector("button").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        latitude.value = coords.latitude.toFixed(5);
        longitude.value = coords.longitude.toFixed(5);
        said.textContent = said.dataset.done;
      },
      () => {
        said.textContent = said.dataset.failed;
      },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
}

// A point chosen by pressing the plan, or a place of its list: written in the same two fields, shown by a pin.
for (const pick of document.querySelectorAll("[data-plan]")) {
  const [latitude, longitude] = pick.closest("[data-point]").querySelectorAll("input");
  const [plan, pin, said] = ["svg", "[data-pin]", "[data-picked]"].map((one) => pick.querySelector(one));
  const { top, left, down, right } = pick.dataset;
  const read = (field) => Number.parseFloat(field.value.replace(",", "."));
  const show = () => {
    const x = (read(longitude) - left) / right;
    const y = (top - read(latitude)) / down;
    const isThere = x >= 0 && x <= 480 && y >= 0 && y <= 360;
    pin.classList.toggle("is-there", isThere);
    if (isThere) pin.setAttribute("transform", `translate(${x} ${y})`);
  };
  const write = (north, east) => {
    latitude.value = Number(north).toFixed(5);
    longitude.value = Number(east).toFixed(5);
    latitude.dispatchEvent(new Event("input", { bubbles: true }));
    said.textContent = said.dataset.picked;
    show();
  };
  pick.hidden = false;
  plan.addEventListener("click", (event) => {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(plan.getScreenCTM().inverse());
    write(top - y * down, Number(left) + x * right);
  });
  for (const one of pick.querySelectorAll("button")) {
    one.addEventListener("click", () => {
      const place = document.querySelector("#id_place");
      if (!place.value) place.value = one.querySelector("[data-name]").textContent;
      write(one.dataset.latitude, one.dataset.longitude);
    });
  }
  for (const field of [latitude, longitude]) field.addEventListener("change", show);
  show();
}
